"""What the launcher shows: its own sentences on stderr, what was asked for and the services' lines on stdout."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from deploy.complaint import Complaint

# rich leaves colours out where the output is no terminal or NO_COLOR is set.
output = Console(soft_wrap=True, highlight=False)
errors = Console(soft_wrap=True, highlight=False, stderr=True)

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
FOLLOW_EVERY_S = 0.1


def say(sentence: str) -> None:
    """A step or a fact, on stderr."""
    errors.print(f"[bold]zone[/bold] {escape(sentence)}")


def show(complaint: Complaint) -> None:
    """A complaint, with the last lines that explain it, on stderr."""
    errors.print(f"[bold red]zone[/bold red] {escape(complaint.sentence)}")
    for line in complaint.details.splitlines():
        errors.print(Text(f"  | {line}", style="dim"))


class LogFollower:
    """Shows what is written to log files, each line after the name of its file.

    Args:
        logs: the files; they may not be there yet, and may be replaced by new ones.
        from_now: whether what they hold already is left out.
        plain: without names, as for JSON lines that other programs read.
    """

    def __init__(self, logs: Sequence[Path], *, from_now: bool = False, plain: bool = False) -> None:
        self._tails = [_Tail(log, from_now) for log in logs]
        self._width = max((len(log.stem) for log in logs), default=0)
        self._plain = plain

    async def run(self) -> None:
        """Show lines until cancelled."""
        while True:
            self.catch_up()
            await asyncio.sleep(FOLLOW_EVERY_S)

    def catch_up(self) -> None:
        """Show what has been written since the last time."""
        for place, tail in enumerate(self._tails):
            for line in tail.new_lines():
                if self._plain:
                    output.out(line)
                else:
                    prefix = (f"{tail.name:<{self._width}} │ ", COLOURS[place % len(COLOURS)])
                    output.print(Text.assemble(prefix, Text.from_ansi(line)))


class _Tail:
    """The end of one file, by its inode: a start moves the old file away and begins a new one."""

    def __init__(self, log: Path, from_now: bool) -> None:
        self.name = log.stem
        self._log = log
        self._rest = b""
        self._inode, self._read = (log.stat().st_ino, log.stat().st_size) if from_now and log.exists() else (0, 0)

    def new_lines(self) -> list[str]:
        try:
            with self._log.open("rb") as log:
                now = os.fstat(log.fileno()).st_ino
                if now != self._inode:
                    self._inode, self._read, self._rest = now, 0, b""
                log.seek(self._read)
                found = log.read()
        except FileNotFoundError:
            return []
        self._read += len(found)
        *lines, self._rest = (self._rest + found).split(b"\n")
        return [line.decode(errors="replace") for line in lines]
