"""A line of a log: which part of the zone wrote it, when, and how grave it is, in whatever form that part logs."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

Level = Literal["debug", "info", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)

WORDS: Final[Mapping[str, Level]] = {
    "trace": "debug",
    "debug": "debug",
    "info": "info",
    "warn": "warning",
    "warning": "warning",
    "error": "error",
    "critical": "error",
    "fatal": "error",
}
"""As structlog and log4j call them."""
OF_MONGOD: Final[Mapping[str, Level]] = {"F": "error", "E": "error", "W": "warning", "I": "info", "D": "debug"}
"""The severities of mongod's log, `D1` to `D5` by their first letter."""

HEAD = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?) +\[?([A-Za-z]+)")
"""`2026-11-27T23:05:49.975878Z [info     ] …` of the services, `… INFO  …` of Kafka."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `text` is what was written, `shown` the same for people."""

    part: str
    at: datetime
    level: Level
    text: str
    shown: str


class LineReader:
    """Reads the lines of one log in their order.

    What nobody logged, such as a traceback, belongs to the warning or error before it; where none is before it, it is
    a warning itself: a process that cannot even begin says so in no form at all.

    Args:
        part: whose log it is.
        otherwise: the moment of lines before the first that tells one.
    """

    def __init__(self, part: str, otherwise: datetime) -> None:
        self._part, self._otherwise = part, otherwise
        self._last: datetime | None = None
        self._level: Level = "info"

    def read(self, text: str) -> Line:
        level, shown = self._level, text
        if (found := _of_json(text) or _of_words(text)) is not None:
            at, level, shown = found
            self._last = max(at, self._last or at)  # the order of a log is that of its lines
            self._level = level
        elif level in ("debug", "info"):
            level = "warning"
        return Line(self._part, self._last or self._otherwise, level, text, shown)


def line_now(level: Level, said: str) -> str:
    """A line of this moment in the form in which the services write theirs, and in which `LineReader` reads it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ} [{level:<9}] {said}"


def time_of(text: str) -> datetime | None:
    """The moment that a line tells; None where it tells none."""
    found = _of_json(text) or _of_words(text)
    return found[0] if found else None


def _of_words(text: str) -> tuple[datetime, Level, str] | None:
    head = HEAD.match(text)
    level = WORDS.get(head[2].lower()) if head else None
    with suppress(ValueError):
        return (_moment(head[1]), level, text) if head and level else None
    return None


def _of_json(text: str) -> tuple[datetime, Level, str] | None:
    """A line of a service that logs JSON, or of mongod."""
    if not text.startswith("{"):
        return None
    with suppress(ValueError, KeyError, TypeError):
        entry: dict[str, Any] = json.loads(text)
        if "timestamp" in entry:
            return _moment(entry["timestamp"]), WORDS[entry["level"]], text
        at, level = entry["t"]["$date"], OF_MONGOD[entry["s"][:1]]
        said = f"{at} [{level:<9}] {entry['msg']} [{entry['c']}]"
        return _moment(at), level, f"{said} {json.dumps(entry['attr'])}" if entry.get("attr") else said
    return None


def _moment(text: str) -> datetime:
    """Where no offset stands, it is the machine's own time."""
    return datetime.fromisoformat(text).astimezone()
