"""Shows what is written to log files while it is written, as `tail -F` does, with the name of each part."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.text import Text

from deploy.machine.logs.line import LEVELS, Level, Line, LineReader
from deploy.terminal import output

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
STYLES = {"warning": "yellow", "error": "red"}
FOLLOW_EVERY_S = 0.1


class LogView:
    """Prints lines, each after the name of its part.

    Args:
        parts: whose lines there will be.
        level: the least grave of them that are shown.
        plain: as they were written and without names, as for JSON lines that other programs read.
    """

    def __init__(self, parts: Sequence[str], *, level: Level = "debug", plain: bool = False) -> None:
        self._colours = {part: COLOURS[place % len(COLOURS)] for place, part in enumerate(parts)}
        self._width = max(map(len, parts), default=0)
        self._least, self._plain = LEVELS.index(level), plain

    def shows(self, line: Line) -> bool:
        """Whether a line is grave enough."""
        return LEVELS.index(line.level) >= self._least

    def show(self, lines: Iterable[Line]) -> None:
        for line in filter(self.shows, lines):
            if self._plain:
                output.out(line.text, highlight=False)
            else:
                said = Text.from_ansi(line.shown, style=STYLES.get(line.level, ""))
                output.print(Text.assemble((f"{line.part:<{self._width}} │ ", self._colours[line.part]), said))


class LogFollower:
    """Follows log files; what several wrote meanwhile comes in the order of its time.

    Args:
        logs: the files; they may not be there yet, and may be replaced by new ones.
        view: where the lines go.
        from_now: whether what they hold already is left out.
    """

    def __init__(self, logs: Sequence[Path], view: LogView, *, from_now: bool = False) -> None:
        self._tails = [_Tail(log, from_now) for log in logs]
        self._view = view

    async def run(self) -> None:
        """Show lines until cancelled."""
        while True:
            self.catch_up()
            await asyncio.sleep(FOLLOW_EVERY_S)

    def catch_up(self) -> None:
        """Show what has been written since the last time."""
        lines = [line for tail in self._tails for line in tail.new_lines()]
        self._view.show(sorted(lines, key=lambda line: line.at))


class _Tail:
    """The end of one file, by its inode: a start moves the old file away and begins a new one."""

    def __init__(self, log: Path, from_now: bool) -> None:
        self._log = log
        self._reader = LineReader(log.stem, datetime.now(UTC))
        self._rest = b""
        self._inode, self._read = (log.stat().st_ino, log.stat().st_size) if from_now and log.exists() else (0, 0)

    def new_lines(self) -> list[Line]:
        try:
            with self._log.open("rb") as log:
                now = os.fstat(log.fileno()).st_ino
                if now != self._inode:
                    self._inode, self._read, self._rest = now, 0, b""
                    self._reader = LineReader(self._log.stem, datetime.now(UTC))
                log.seek(self._read)
                found = log.read()
        except FileNotFoundError:
            return []
        self._read += len(found)
        *lines, self._rest = (self._rest + found).split(b"\n")
        return [self._reader.read(line.decode(errors="replace")) for line in lines]
