"""The log files of a zone, read together: the lines of all parts in the order of their time."""

import heapq
import itertools
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.machine.logs.line import Line, LineReader, time_of
from deploy.machine.processes import KEPT_LOGS

TAIL_BYTES = 2_000_000
FIRST_LINES = 100
"""In which a log tells its first moment, where it tells one."""


def merged(logs: Sequence[Path], *, since: datetime | None = None, whole: bool = True) -> Iterator[Line]:
    """All lines in the order of their time, each log's own in its own order.

    Args:
        logs: one file for each part.
        since: the first moment that is of interest; then the logs of earlier starts that reach to it are read too.
        whole: whether each log is read from its beginning; else only its last `TAIL_BYTES`.
    """
    lines = heapq.merge(*(_lines(log, since, whole=whole) for log in logs), key=lambda line: line.at)
    return itertools.dropwhile(lambda line: since is not None and line.at < since, lines)


def _lines(log: Path, since: datetime | None, *, whole: bool) -> Iterator[Line]:
    for file in [*_earlier(log, since), log]:
        reader = LineReader(log.stem, _first_moment(file))
        with file.open("rb") as opened:
            if not whole and opened.seek(0, os.SEEK_END) > TAIL_BYTES:
                opened.seek(-TAIL_BYTES, os.SEEK_END)
                opened.readline()  # the rest of one that began before
            else:
                opened.seek(0)
            for raw in opened:
                yield reader.read(raw.decode(errors="replace").rstrip("\r\n"))


def _earlier(log: Path, since: datetime | None) -> list[Path]:
    """The logs of the starts before the last, the oldest first, that were still written to since then."""
    if since is None:
        return []
    kept = [log.with_name(f"{log.name}.{age}") for age in range(KEPT_LOGS, 0, -1)]
    return [file for file in kept if file.exists() and _last_moment(file) >= since]


def _first_moment(file: Path) -> datetime:
    with file.open(errors="replace") as opened:
        told = (time_of(line.rstrip("\n")) for line in itertools.islice(opened, FIRST_LINES))
        return next((at for at in told if at is not None), _last_moment(file))


def _last_moment(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
