"""Deltas of one figure in one period: what is added up on read, never rewritten, only counted up."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from pydantic import Field

from services.chassis.domain.aggregate import Row
from services.metrics.figures.contributions import Cell
from services.metrics.figures.subject import Subject
from services.metrics.figures.sums import Excluded

NAMED_BY: Final = {"d": 10, "m": 7, "y": 4}
"""How many characters of a day's ISO date name the period of a level: `2026-07-14`, `2026-07`, `2026`."""


class Bucket(Row):
    """A bucket: what the events of one partition add to one cell of a figure in one day, month or year.

    `_id` is `<kpi>|<dims_key>|<level>|<period>|<partition>`, so its order is the order of periods within a cell.
    The Kafka partition of the event is in the key: two consumers never meet in one bucket, readers sum over it.
    `n`, `m`, `d`, `hist` and `excluded` are counters, see `sums.Counted`; `version` counts its changes, as the chassis
    does for whatever it counts up.
    """

    collection: ClassVar[str] = "buckets"
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("kpi", 1), ("by", 1), ("level", 1), ("period", 1)),)

    kpi: str
    by: str
    dims_key: str
    level: str
    period: str
    partition: int
    n: int = 0
    m: int = 0
    d: int = 0
    hist: dict[str, int] = Field(default_factory=dict)
    excluded: dict[str, Excluded] = Field(default_factory=dict)
    version: int = 0


@lru_cache(maxsize=10_000)
def buckets(subject: Subject, cell: Cell, partition: int) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The ids of the buckets that hold a cell, one a level, each with what it begins with.

    Cached: the events of one poll meet in few cells, and making these names is the most of projecting one.
    """
    kpi, by, dims_key, on = cell
    found = []
    for level in subject.kpi_called[kpi].levels:
        period = on[: NAMED_BY[level]]
        begin = {"kpi": kpi, "by": by, "dims_key": dims_key, "level": level, "period": period, "partition": partition}
        found.append((f"{kpi}|{dims_key}|{level}|{period}|{partition}", begin))
    return tuple(found)
