"""A watchdog process: ends what a launcher that died has left behind, its children's children too.

    python watchman.py < pipe

The launcher writes `+<process group>` for each child that it starts and `-<process group>` for each that has ended.
When the pipe closes, however that came about, the groups that are left are killed.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class Watchman:
    """The watchdog as its launcher holds it: one end of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__))], stdin=subprocess.PIPE, start_new_session=True
        )

    def watch(self, group: int) -> None:
        """Kill this process group should the launcher die."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """It has ended; its number may soon be somebody else's."""
        self._tell(f"-{group}\n")

    def dismiss(self) -> None:
        """Everything has ended."""
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin:
            with suppress(BrokenPipeError):  # somebody killed the watchman: the leash is still on
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it goes when the launcher goes
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
