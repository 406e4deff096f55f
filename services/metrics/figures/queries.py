"""Sums of buckets, never of counted things, so that their cost does not grow with the zone."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.bucket import Bucket
from services.metrics.figures.dimensions import Breakdown, key_of, name_of
from services.metrics.figures.kpi import Granularity, Part
from services.metrics.figures.periods import Period, Span, first_day, spans
from services.metrics.figures.sums import Sum

NO_LIMIT: Final = 2**31 - 1
"""What bounds a read is its filter: cells x (years + 11 + 31), or the points of a series, x partitions."""
NO_ORDER: Final[Sequence[tuple[str, int]]] = ()
"""A sum needs none; asking for one could tempt the store to walk along another index."""
LEVEL_OF: Final[Mapping[Granularity, str]] = {"day": "d", "month": "m", "quarter": "m", "year": "y"}

CellKey = tuple[str, str]
"""A KPI's id and the key of one of its cells."""


class CellDays(NamedTuple):
    """One cell over the days from `first` (None: from the beginning) until before `end`.

    Of a stock from the beginning the sum is its value at the end of the last day; of a flow, what happened on the days.
    """

    part: Part
    first: date | None
    end: date


class Layer(NamedTuple):
    """Every cell of a breakdown of some KPI, over the days from `first` (None: from the beginning)."""

    kpi: str
    breakdown: Breakdown
    first: date | None


def cell_of(part: Part) -> CellKey:
    """How a part is called in the answers to these reads."""
    return part.kpi.id, key_of(part.dims)


async def sums_of(tx: Tx, wanted: Sequence[CellDays]) -> list[Sum]:
    """The sum of each of these different cells, in one read."""
    found = {cell_of(each.part): Sum() for each in wanted}
    ranges = [(cell_of(each.part), span) for each in wanted for span in spans(each.first, each.end)]
    for bucket in await _in_ranges(tx, ranges):
        found[bucket.kpi, bucket.dims_key].add(bucket)
    return [found[cell_of(each.part)] for each in wanted]


async def sums_by_cell(tx: Tx, layers: Iterable[Layer], end: date) -> dict[CellKey, Sum]:
    """Every cell of some breakdowns until before `end`, in one read."""
    kpis: defaultdict[tuple[Breakdown, date | None], dict[str, None]] = defaultdict(dict)
    for kpi, breakdown, first in layers:
        kpis[breakdown, first][kpi] = None
    clauses = [
        {
            "kpi": {"$in": list(ids)},
            "by": name_of(breakdown),
            "level": span.level,
            "period": {"$gte": span.first, "$lt": span.end},
        }
        for (breakdown, first), ids in kpis.items()
        for span in spans(first, end)
    ]
    found: dict[CellKey, Sum] = {}
    for bucket in await _added_up(tx, clauses):
        found.setdefault((bucket.kpi, bucket.dims_key), Sum()).add(bucket)
    return found


async def sums_by_period(
    tx: Tx, parts: Iterable[Part], periods: Sequence[Period], granularity: Granularity, end: date
) -> dict[CellKey, list[Sum]]:
    """Some cells before and in each of these adjoining periods, as far as they lie before `end`, in one read.

    Returns:
        Of each cell, the sum of all that lies before the first period, then that of each.
    """
    found = {cell_of(part): [Sum() for _ in range(len(periods) + 1)] for part in parts}
    over = [period for period in periods if period.end <= end]
    running = [period for period in periods if period.first < end < period.end]
    wanted = [*spans(None, periods[0].first), *(span for period in running for span in spans(period.first, end))]
    if over:
        wanted.append(Span.over(LEVEL_OF[granularity], over[0].first, over[-1].end))
    starts = [period.first.isoformat() for period in periods]
    for bucket in await _in_ranges(tx, [(cell, span) for cell in found for span in wanted]):
        place = bisect_right(starts, first_day(bucket.period))
        found[bucket.kpi, bucket.dims_key][place].add(bucket)
    return found


async def _in_ranges(tx: Tx, ranges: Iterable[tuple[CellKey, Span]]) -> list[Bucket]:
    """The buckets of some cells, by ranges of `_id`."""
    return await _added_up(
        tx,
        [
            {"_id": {"$gte": f"{kpi}|{key}|{level}|{first}", "$lt": f"{kpi}|{key}|{level}|{end}"}}
            for (kpi, key), (level, first, end) in ranges
        ],
    )


async def _added_up(tx: Tx, clauses: Collection[Mapping[str, Any]]) -> list[Bucket]:
    return await tx.select(Bucket, {"$or": list(clauses)}, sort=NO_ORDER, limit=NO_LIMIT) if clauses else []
