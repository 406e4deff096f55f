"""What `./zone up` shows besides its steps, and what it says where a zone runs already."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.commands.up import _followed
from deploy.complaint import Complaint
from deploy.launch.launcher import Launcher
from deploy.machine.processes import rotate
from deploy.machine.zone_folder import RunningNote, ZoneFolder

ERROR = "2026-11-27T12:00:02Z [error    ] request_failed\n"
REQUEST = "2026-11-27T12:00:03Z [info     ] request\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZoneFolder:
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    return ZoneFolder(tmp_path)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, ["registry  │ 2026-11-27T12:00:02Z [error    ] request_failed"]),
        ({"quiet": True}, []),
        (
            {"verbose": True},
            [
                "registry  │ 2026-11-27T12:00:02Z [error    ] request_failed",
                "registry  │ 2026-11-27T12:00:03Z [info     ] request",
            ],
        ),
    ],
)
def test_warnings_and_errors_of_this_run_are_shown_and_nothing_of_an_earlier_one(
    folder: ZoneFolder, options: dict[str, bool], shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder.logs.mkdir()
    log = folder.logs / "registry.log"
    log.write_text(ERROR.replace("request_failed", "of_an_earlier_run") * 4_000)
    follower = _followed(Launcher(folder, port=1), **{"quiet": False, "verbose": False, "plain": False, **options})
    follower.catch_up()
    rotate(log)
    log.write_text(ERROR + REQUEST)
    follower.catch_up()
    assert capsys.readouterr().out.splitlines() == shown


def up(*options: str) -> str:
    return CliRunner().invoke(command_line(["up"]), ["up", *options], catch_exceptions=False).output


@pytest.mark.parametrize(
    ("options", "ignored"),
    [
        (("--port", "8001"), "--port is ignored: stop it first"),
        (("--detach", "--port", "8000"), "--port is ignored: stop it first"),
        (("--no-load", "--json-logs"), "--no-load, --json-logs are ignored: stop it first"),
    ],
)
def test_what_a_running_zone_cannot_take_up_is_said_to_be_ignored(
    folder: ZoneFolder, options: tuple[str, ...], ignored: str
) -> None:
    with folder.claimed():
        folder.tell(RunningNote(7, "http://127.0.0.1:8000", "2026-11-27T12:00:00+00:00", True, []))
        said = up(*options)
    assert "The zone runs at http://127.0.0.1:8000 since" in said
    assert ignored in said


def test_a_second_up_without_options_has_nothing_to_ignore(folder: ZoneFolder) -> None:
    with folder.claimed():
        folder.tell(RunningNote(7, "http://127.0.0.1:8000", "2026-11-27T12:00:00+00:00", True, []))
        assert "ignored" not in up()


def test_everything_and_nothing_cannot_be_shown_at_once(folder: ZoneFolder) -> None:
    with pytest.raises(Complaint, match="--quiet shows nothing of what is logged and --verbose all of it"):
        up("--quiet", "--verbose")


@pytest.mark.parametrize("port", ["-1", "0", "65536"])
def test_a_port_is_one_of_tcp(port: str) -> None:
    assert CliRunner().invoke(command_line(["up"]), ["up", "--port", port]).exit_code == 2
