"""Deltas of one figure in many periods: what is added up on read, never rewritten, only counted up."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final, NamedTuple

from pydantic import Field

from services.chassis.domain.aggregate import Row
from services.metrics.figures.contributions import Place
from services.metrics.figures.subject import Subject, cells_of

NAMED_BY: Final = {"d": 10, "m": 7, "y": 4}
"""How many characters of a day's ISO date name the period of a level: `2026-07-14`, `2026-07`, `2026`."""
HELD_BY: Final = {"d": 7, "m": 4, "y": 0}
"""How many of them name the span of its bucket: days lie together by month, months by year, years in one."""

CELLS: Final = "cells"
"""The member of a bucket that holds its counters."""


class Bucket(Row):
    """A bucket: what the events of one worker add to a figure on the days of a month, in months of a year, or in years.

    `_id` is `<kpi>|<level>|<span>|<worker>`: `valuation_total|d|2026-07|0`, `…|m|2026|0`, `…|y||0`. Two workers never
    meet in one bucket, but while their ranks change, when one of them does its work again; readers sum over workers.

    `cells` holds the counters: breakdown → values of its dimensions → counter → period → sum. A counter is `n`, `m`,
    `d`, `hist.<value>`, or `excluded.<currency>.n` and `.m` (see `sums.Sum`); a period is named by what its span does
    not say: `14`, `07`, `2026`. `version` counts its changes, as the chassis does for whatever it counts up.
    """

    collection: ClassVar[str] = "buckets"

    cells: dict[str, Any] = Field(default_factory=dict)
    version: int = 0

    @property
    def kpi(self) -> str:
        return self.id.split("|")[0]

    @property
    def level(self) -> str:
        return self.id.split("|")[1]

    @property
    def span(self) -> str:
        """The month or the year in which its periods lie; '' where they are years."""
        return self.id.split("|")[2]

    def period(self, name: str) -> str:
        """The ISO name of one of its periods."""
        return f"{self.span}-{name}" if self.span else name


class Counted(NamedTuple):
    """A place at which things of a subject are counted by one worker."""

    subject: Subject
    place: Place
    worker: int


def increments(counted: Counted, counters: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int]]]:
    """The ids of the buckets in which a place is counted, each with what is added to which of their counters."""
    for id, cells, period in _buckets(counted):
        yield id, {f"{cell}{name}{period}": count for cell in cells for name, count in counters.items()}


@lru_cache(maxsize=10_000)
def _buckets(counted: Counted) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Their ids, one a level; in each, the paths of the place's cells, and how its period is called.

    Cached, as the events of many polls meet in few places.
    """
    subject, (kpi, on, dims), worker = counted
    cells = tuple(f"{CELLS}.{by}.{values}." for by, values in cells_of(subject, dims))
    return tuple(
        (f"{kpi}|{level}|{on[:held]}|{worker}", cells, f".{on[held : NAMED_BY[level]].removeprefix('-')}")
        for level, held in HELD_BY.items()
        if level in subject.kpi_called[kpi].levels
    )
