import subprocess
import sys
from pathlib import Path

WATCHMAN = Path(__file__).resolve().parents[3] / "deploy" / "machine" / "watchman.py"


def sleeper() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "60"], start_new_session=True)


def watchman_told(lines: str) -> None:
    subprocess.run([sys.executable, str(WATCHMAN)], input=lines, text=True, check=True, timeout=20)


def test_groups_that_are_left_when_the_launcher_dies_are_killed() -> None:
    left = sleeper()
    watchman_told(f"+{left.pid}\n")
    assert left.wait(5) == -9


def test_a_group_that_has_ended_is_left_alone_as_its_number_may_be_another_ones_now() -> None:
    another = sleeper()
    watchman_told(f"+{another.pid}\n-{another.pid}\n")
    assert another.poll() is None
    another.kill()
    another.wait()


def test_a_group_that_is_gone_already_is_no_error() -> None:
    gone = sleeper()
    gone.kill()
    gone.wait()
    watchman_told(f"+{gone.pid}\n")
