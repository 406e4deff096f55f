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
    def holds(self) -> tuple[str, str, str]:
        """Its KPI, its level, and the month or year in which its periods lie; '' where these are years."""
        kpi, level, span, _ = self.id.split("|")
        return kpi, level, span


class Counted(NamedTuple):
    """A place at which things of a subject are counted by one worker."""

    subject: Subject
    place: Place
    worker: int


def increments(counted: Counted, counters: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int]]]:
    """The ids of the buckets in which a place is counted, each with what is added to which of their counters."""
    for id, paths in _paths(counted, tuple(counters)):
        yield id, {path: counters[name] for path, name in paths}


@lru_cache(maxsize=10_000)
def _paths(counted: Counted, counters: tuple[str, ...]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The same ids, one a level; in each, the path of every counter that moves, with its name.

    Cached, as the events of many polls meet in few places, and making these paths is the most of projecting one.
    """
    subject, (kpi, on, dims), worker = counted
    cells = [f"{CELLS}.{by}.{values}" for by, values in cells_of(subject, dims)]
    found = []
    for level in subject.kpi_called[kpi].levels:
        held = HELD_BY[level]
        period = on[held : NAMED_BY[level]].removeprefix("-")
        paths = tuple((f"{cell}.{name}.{period}", name) for cell in cells for name in counters)
        found.append((f"{kpi}|{level}|{on[:held]}|{worker}", paths))
    return tuple(found)
