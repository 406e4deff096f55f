"""Deltas of one figure in one period: what is added up on read, never rewritten, only counted up."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from pydantic import BaseModel, Field

from services.chassis.domain.aggregate import Row
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.contributions import Cell, Delta

NAMED_BY: Final = {"d": 10, "m": 7, "y": 4}
"""How many characters of a day's ISO date name the period of a level: `2026-07-14`, `2026-07`, `2026`."""


class Excluded(BaseModel):
    """Money in another currency than the figure's own."""

    n: int = 0
    m: int = 0


class Bucket(Row):
    """A bucket: what the events of one partition add to one cell of a figure in one day, month or year.

    `_id` is `<kpi>|<dims_key>|<level>|<period>|<partition>`, so its order is the order of periods within a cell.
    The Kafka partition of the event is in the key: two consumers never meet in one bucket, readers sum over it.
    `version` counts its changes, as the chassis does for whatever it counts up.
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
    excluded: dict[str, Excluded] = Field(default_factory=dict)
    version: int = 0


@lru_cache(maxsize=10_000)
def buckets(cell: Cell, partition: int) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The ids of the buckets that hold a cell, one a level, each with what it begins with.

    Cached: the events of one poll meet in few cells, and making these names is the most of projecting one.
    """
    kpi, by, dims_key, on, _ = cell
    found = []
    for level in KPIS[kpi].levels:
        period = on[: NAMED_BY[level]]
        begin = {"kpi": kpi, "by": by, "dims_key": dims_key, "level": level, "period": period, "partition": partition}
        found.append((f"{kpi}|{dims_key}|{level}|{period}|{partition}", begin))
    return tuple(found)


def increments(cell: Cell, delta: Delta) -> dict[str, int]:
    """What a delta adds to each of its buckets."""
    n, m = delta
    if cell.currency:
        return {f"excluded.{cell.currency}.n": n, f"excluded.{cell.currency}.m": m}
    return {"n": n, "m": m}
