"""A library that is missing: one sentence instead of a traceback, and the next `./zone` installs everything anew."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy import __main__ as command_line_file
from deploy import missing_package
from deploy.__main__ import main
from deploy.launch.service_process import ServiceProcess
from deploy.machine.zone_folder import ROOT

WITHOUT_RICH = """
import runpy, sys
sys.prefix = "/elsewhere"  # an environment that is not the zone's own is left alone
sys.modules["rich"] = None
runpy.run_module("deploy")
"""


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of an environment that is this one."""
    stamp = tmp_path / "installed.lock"
    stamp.touch()
    monkeypatch.setattr(missing_package, "STAMP", stamp)
    monkeypatch.setattr(missing_package, "VENV", Path(sys.prefix))
    return stamp


def test_the_sentence_names_the_library_and_the_stamp_is_gone(stamp: Path) -> None:
    assert "run ./zone again" in missing_package.sentence("rich")
    assert not stamp.exists()


def test_elsewhere_than_in_the_zones_environment_nothing_is_touched(
    stamp: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing_package, "VENV", tmp_path)
    assert sys.prefix in missing_package.sentence("rich")
    assert stamp.exists()


def test_a_command_says_it_in_a_sentence(
    stamp: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(names: object) -> None:
        raise ModuleNotFoundError("No module named 'motor.core'", name="motor.core")

    monkeypatch.setattr(sys, "argv", ["zone", "status"])
    monkeypatch.setattr(command_line_file, "command_line", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, stamp.exists()) == (1, False)
    assert "The library motor is missing or damaged" in capsys.readouterr().err


def test_so_does_one_that_cannot_even_begin() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_RICH], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (
        1,
        "zone The library rich is missing in /elsewhere: install there what requirements.lock says.\n",
    )


def test_a_part_of_the_zone_that_is_missing_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(names: object) -> None:
        raise ModuleNotFoundError("No module named 'services.x'", name="services.x")

    monkeypatch.setattr(sys, "argv", ["zone", "status"])
    monkeypatch.setattr(command_line_file, "command_line", fail)
    with pytest.raises(ModuleNotFoundError):
        main()


@pytest.mark.parametrize(
    ("last_line", "library"),
    [
        ("ModuleNotFoundError: No module named 'aiokafka.conn'", "aiokafka"),
        ("ModuleNotFoundError: No module named 'services.nothing'", None),
        ("ValueError: x", None),
    ],
)
def test_a_service_that_misses_one_is_explained(
    stamp: Path, tmp_path: Path, last_line: str, library: str | None
) -> None:
    service = ServiceProcess("registry", "x", listen="unix:/x", environment={}, log=tmp_path / "log")
    said = service.explain(f"Traceback (most recent call last):\n{last_line}\n")
    assert (said is None) is (library is None)
    assert f"The library {library} is missing" in (said or f"The library {library} is missing")
