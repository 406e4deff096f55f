"""Sums of buckets, never of businesses, so that their cost does not grow with the zone."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.bucket import Bucket, Excluded
from services.metrics.figures.dimensions import Breakdown, key_of, name_of
from services.metrics.figures.kpi import Granularity, Kpi
from services.metrics.figures.periods import Period, Span, first_day, spans

NO_LIMIT: Final = 2**31 - 1
"""What bounds a read is its filter: cells x (years + 11 + 31), or the points of a series, x partitions."""
NO_ORDER: Final[Sequence[tuple[str, int]]] = ()
"""A sum needs none; asking for one could tempt the store to walk along another index."""
LEVEL_OF: Final[Mapping[Granularity, str]] = {"day": "d", "month": "m", "quarter": "m", "year": "y"}


@dataclass(slots=True)
class Sum:
    """Buckets added up: how many contribute, how much, and the money of other currencies."""

    n: int = 0
    m: int = 0
    excluded: dict[str, Excluded] = field(default_factory=dict)

    def add(self, more: "Bucket | Sum") -> None:
        self.n += more.n
        self.m += more.m
        for currency, other in more.excluded.items():
            mine = self.excluded.setdefault(currency, Excluded())
            mine.n += other.n
            mine.m += other.m


async def sum_of(tx: Tx, kpi: Kpi, dims: Mapping[str, str], first: date | None, end: date) -> Sum:
    """One cell over the days from `first` (None: from the beginning) until before `end`.

    For a stock from the beginning this is its value at the end of the last day; for a flow, what happened on the days.
    """
    found = Sum()
    for bucket in await _of_cells(tx, kpi, [key_of(dims)], spans(first, end)):
        found.add(bucket)
    return found


async def sums_by_cell(
    tx: Tx, kpis: Collection[Kpi], breakdowns: Collection[Breakdown], first: date | None, end: date
) -> dict[tuple[str, str], Sum]:
    """Every cell of these breakdowns over these days, in one read: (KPI, key of the cell) → its sum."""
    where = {"kpi": {"$in": [kpi.id for kpi in kpis]}, "by": {"$in": [name_of(each) for each in breakdowns]}}
    clauses = [
        {**where, "level": span.level, "period": {"$gte": span.first, "$lt": span.end}} for span in spans(first, end)
    ]
    found: dict[tuple[str, str], Sum] = {}
    for bucket in await _added_up(tx, clauses):
        found.setdefault((bucket.kpi, bucket.dims_key), Sum()).add(bucket)
    return found


async def sums_by_period(
    tx: Tx,
    kpi: Kpi,
    cells: Collection[Mapping[str, str]],
    periods: Sequence[Period],
    granularity: Granularity,
    end: date,
) -> dict[str, list[Sum]]:
    """Some cells before and in each of these adjoining periods, as far as they lie before `end`, in one read.

    Returns:
        Key of the cell → the sum of all that lies before the first period, then that of each.
    """
    found = {key_of(dims): [Sum() for _ in range(len(periods) + 1)] for dims in cells}
    over = [period for period in periods if period.end <= end]
    running = [period for period in periods if period.first < end < period.end]
    wanted = [*spans(None, periods[0].first), *(span for period in running for span in spans(period.first, end))]
    if over:
        wanted.append(Span.over(LEVEL_OF[granularity], over[0].first, over[-1].end))
    starts = [period.first.isoformat() for period in periods]
    for bucket in await _of_cells(tx, kpi, found, wanted):
        found[bucket.dims_key][bisect_right(starts, first_day(bucket.period))].add(bucket)
    return found


async def _of_cells(tx: Tx, kpi: Kpi, keys: Collection[str], wanted: Collection[Span]) -> list[Bucket]:
    """The buckets of some cells, by ranges of `_id`."""
    cells = [f"{kpi.id}|{key}" for key in keys]
    return await _added_up(
        tx,
        [
            {"_id": {"$gte": f"{cell}|{level}|{first}", "$lt": f"{cell}|{level}|{end}"}}
            for cell in cells
            for level, first, end in wanted
        ],
    )


async def _added_up(tx: Tx, clauses: Collection[Mapping[str, Any]]) -> list[Bucket]:
    return await tx.select(Bucket, {"$or": list(clauses)}, sort=NO_ORDER, limit=NO_LIMIT) if clauses else []
