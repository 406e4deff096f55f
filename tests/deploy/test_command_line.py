import errno
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy import __main__ as command_line_file
from deploy.__main__ import COMMANDS, command_line, main
from deploy.complaint import Complaint
from deploy.machine.zone_folder import ROOT, ZoneFolder


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_can_be_run_without_the_others(name: str) -> None:
    answer = CliRunner().invoke(command_line([name]), [name, "--help"], prog_name="zone")
    assert (answer.exit_code, f"zone {name}" in answer.output) == (0, True), answer.output


def test_every_file_of_a_command_is_on_the_command_line() -> None:
    files = {path.stem.replace("_", "-") for path in (ROOT / "deploy" / "commands").glob("*.py")} - {"--init--"}
    assert files == set(COMMANDS)


def test_help_shows_every_command() -> None:
    said = CliRunner().invoke(command_line(COMMANDS), ["--help"], env={"COLUMNS": "200"}).output
    assert [name for name in COMMANDS if name not in said] == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Complaint("The moon is full.", details="howling"), ["The moon is full.", "| howling"]),
        (OSError(errno.ENOSPC, "No space left on device"), ["The disk is full: make room, then try again."]),
        (OSError(errno.EACCES, "Permission denied", "running.lock"), ["may not be used by this user", "running.lock"]),
        (OSError(errno.ENOTDIR, "Not a directory", "README.md/run"), ["is ZONE_FOLDER the folder", "README.md/run"]),
    ],
)
def test_what_a_person_can_put_right_is_said_in_one_sentence_and_fails(
    failure: Exception, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(names: object) -> None:
        raise failure

    monkeypatch.setattr(sys, "argv", ["zone", "status"])
    monkeypatch.setattr(command_line_file, "command_line", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert [word for word in words if word not in said] == []


def test_an_error_that_nobody_foresaw_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(names: object) -> None:
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(sys, "argv", ["zone", "status"])
    monkeypatch.setattr(command_line_file, "command_line", fail)
    with pytest.raises(OSError, match="I/O error"):
        main()


def test_secrets_are_made_by_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    assert CliRunner().invoke(command_line(["init"]), ["init"]).exit_code == 0
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("name", "code", "words"), [("status", 1, "not running"), ("stop", 0, "not running")])
def test_a_zone_that_does_not_run_is_said_to(
    name: str,
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    answer = CliRunner().invoke(command_line([name]), [name])
    assert (answer.exit_code, words in answer.output) == (code, True), answer.output


@pytest.mark.parametrize("name", ["stop", "up"])
def test_a_restore_that_is_under_way_is_not_taken_for_a_zone(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    with (
        ZoneFolder(tmp_path).claimed(),
        pytest.raises(Complaint, match=r"the zone's folder is in use: .* a restore"),
    ):
        CliRunner().invoke(command_line([name]), [name], catch_exceptions=False)
