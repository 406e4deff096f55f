"""Sums of buckets, never of counted things, so that their cost does not grow with the zone."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.bucket import CELLS, Bucket
from services.metrics.figures.dimensions import Breakdown, key_of, name_of, values_at
from services.metrics.figures.kpi import Granularity, Part
from services.metrics.figures.periods import Period, Span, first_day, spans
from services.metrics.figures.sums import Sum

NO_LIMIT: Final = 2**31 - 1
"""What bounds a read is its filter: of each KPI a bucket of years, one of months and one of days, or those of a series,
for each worker."""
NO_ORDER: Final[Sequence[tuple[str, int]]] = ()
"""A sum needs none."""
LEVEL_OF: Final[Mapping[Granularity, str]] = {"day": "d", "month": "m", "quarter": "m", "year": "y"}

SourceOf = Callable[[str, Breakdown], Breakdown]
"""Of a KPI and a breakdown, that in whose cells it is written (`Subject.source_of`)."""
CellKey = tuple[str, str]
"""A KPI's id and the key of one of its cells."""


class CellDays(NamedTuple):
    """One cell over the days from `first` (None: from the beginning).

    Of a stock from the beginning the sum is its value at the end of the last day; of a flow, what happened on the days.
    """

    part: Part
    first: date | None

    @property
    def layer(self) -> "Layer":
        """The layer in which it lies."""
        kpi = self.part.kpi
        return Layer(kpi.id, self.part.breakdown, self.first, over_days=kpi.over_days)


class Layer(NamedTuple):
    """Every cell of a breakdown of some KPI, over the days from `first` (None: from the beginning).

    Attributes:
        over_days: whether it is added up over days, so that what stands as they begin is needed too.
    """

    kpi: str
    breakdown: Breakdown
    first: date | None
    over_days: bool = False


class Counts(NamedTuple):
    """What one bucket says of one cell.

    Attributes:
        held: the month or the year in which the periods of the bucket lie; '' where they are years.
        counters: the sums of each, by period.
        first, end: the names of the periods that are asked for, from the one until before the other.
        is_before: whether they lie before the days of their layer.
    """

    cell: CellKey
    held: str
    counters: Mapping[str, Any]
    first: str
    end: str
    is_before: bool

    def flat(self) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Each counter by its path, with its sums by period."""
        for name, periods in self.counters.items():
            if name == "hist":
                yield from ((f"hist.{value}", counts) for value, counts in periods.items())
            elif name == "excluded":
                yield from (
                    (f"excluded.{code}.{which}", sums)
                    for code, money in periods.items()
                    for which, sums in money.items()
                )
            else:
                yield name, periods

    def add_to(self, found: Sum) -> None:
        """Add up the periods that are asked for."""
        for name, periods in self.flat():
            if amount := sum(each for period, each in periods.items() if self.first <= period < self.end):
                found.count(name, amount)

    def by_period(self) -> Iterator[tuple[str, str, int]]:
        """The ISO name of each period that is asked for, with a counter and how much it adds."""
        for name, periods in self.flat():
            for period, amount in periods.items():
                if self.first <= period < self.end:
                    yield f"{self.held}-{period}" if self.held else period, name, amount


def cell_of(part: Part) -> CellKey:
    """How a part is called in the answers to these reads."""
    return part.kpi.id, key_of(part.dims)


async def sums_of(tx: Tx, source_of: SourceOf, wanted: Sequence[CellDays], end: date) -> list[Sum]:
    """The sum of each of these different cells until before `end`, in one read."""
    cells = [cell_of(each.part) for each in wanted]
    found = await sums_by_cell(tx, source_of, [each.layer for each in wanted], end, only=cells)
    return [found.get(cell, Sum()) for cell in cells]


async def sums_by_cell(
    tx: Tx, source_of: SourceOf, layers: Iterable[Layer], end: date, *, only: Collection[CellKey] | None = None
) -> dict[CellKey, Sum]:
    """Every cell of some breakdowns, or some of them, until before `end`, in one read; of a KPI over the same days."""
    layers = set(layers)
    over_days = {layer.kpi: layer.first for layer in layers if layer.over_days}
    wanted = [Asked(layer, spans(layer.first, end)) for layer in layers]
    wanted += [Asked(each, spans(None, each.first), is_before=True) for each in layers if each.over_days and each.first]
    before: defaultdict[CellKey, Sum] = defaultdict(Sum)
    found: defaultdict[CellKey, Sum] = defaultdict(Sum)
    for counts in await counts_of(tx, source_of, wanted):
        if only is None or counts.cell in only:
            counts.add_to((before if counts.is_before else found)[counts.cell])
    for cell in {*before, *found}:
        if cell[0] in over_days:
            found[cell] = found[cell].over_days(before[cell], over_days[cell[0]], end)
    return dict(found)


async def sums_by_period(
    tx: Tx,
    source_of: SourceOf,
    parts: Iterable[Part],
    periods: Sequence[Period],
    granularity: Granularity,
    end: date,
) -> dict[CellKey, list[Sum]]:
    """Some cells before and in each of these adjoining periods, as far as they lie before `end`, in one read.

    Returns:
        Of each cell, the sum of all that lies before the first period, then that of each; of what is added up over
        days, as of a stock, what changed.
    """
    parts = list(parts)
    layers = {CellDays(part, None).layer for part in parts}
    found = await all_by_period(tx, source_of, layers, periods, granularity, end)
    return {cell: found.get(cell) or [Sum() for _ in range(len(periods) + 1)] for cell in map(cell_of, parts)}


async def all_by_period(
    tx: Tx,
    source_of: SourceOf,
    layers: Iterable[Layer],
    periods: Sequence[Period],
    granularity: Granularity,
    end: date,
) -> dict[CellKey, list[Sum]]:
    """The same of every cell of some breakdowns that has ever had anything."""
    found: defaultdict[CellKey, list[Sum]] = defaultdict(lambda: [Sum() for _ in range(len(periods) + 1)])
    over = [period for period in periods if period.end <= end]
    running = [period for period in periods if period.first < end < period.end]
    wanted = [*spans(None, periods[0].first), *(span for period in running for span in spans(period.first, end))]
    if over:
        wanted.append(Span.over(LEVEL_OF[granularity], over[0].first, over[-1].end))
    starts = [period.first.isoformat() for period in periods]
    for counts in await counts_of(tx, source_of, [Asked(layer, wanted) for layer in set(layers)]):
        for period, counter, amount in counts.by_period():
            found[counts.cell][bisect_right(starts, first_day(period))].count(counter, amount)
    return dict(found)


class Asked(NamedTuple):
    """Periods of a layer, and whether they lie before its days."""

    layer: Layer
    spans: Sequence[Span]
    is_before: bool = False


class _Slice(NamedTuple):
    """What is asked of the buckets of a KPI on one level from a first to a last one: some periods of a layer."""

    asked: Asked
    source: Breakdown
    span: Span
    first: str
    last: str


async def counts_of(tx: Tx, source_of: SourceOf, wanted: Iterable[Asked]) -> Iterator[Counts]:
    """What the buckets say of every cell of these layers, in one read: a bucket may say something of one cell twice."""
    slices: defaultdict[tuple[str, str], list[_Slice]] = defaultdict(list)
    for asked in wanted:
        layer = asked.layer
        source = source_of(layer.kpi, layer.breakdown)
        for span in asked.spans:
            slices[layer.kpi, span.level].append(_Slice(asked, source, span, *span.buckets))
    ranges = {(*place, each.first, each.last) for place, of_place in slices.items() for each in of_place}
    found = await _buckets(tx, ranges, {each.source for of_place in slices.values() for each in of_place})
    return (counts for bucket in found for counts in _of_bucket(bucket, slices))


def _of_bucket(bucket: Bucket, slices: Mapping[tuple[str, str], Sequence[_Slice]]) -> Iterator[Counts]:
    kpi, level, held = bucket.holds
    for asked, source, span, first, last in slices[kpi, level]:
        if first <= held <= last:
            within = span.within(held)
            for path, counters in bucket.cells.get(name_of(source), {}).items():
                cell = (kpi, _rolled_up(source, asked.layer.breakdown, path))
                yield Counts(cell, held, counters, *within, asked.is_before)


@lru_cache(maxsize=10_000)
def _rolled_up(source: Breakdown, breakdown: Breakdown, path: str) -> str:
    """The key of the cell of a breakdown in which a cell of its source lies."""
    dims = dict(zip(source, values_at(path), strict=True))
    return key_of({name: dims[name] for name in breakdown})


async def _buckets(
    tx: Tx, ranges: Collection[tuple[str, str, str, str]], breakdowns: Collection[Breakdown]
) -> Sequence[Bucket]:
    """The buckets of some KPIs and levels from one span to another, with the cells of these breakdowns alone."""
    clauses = [
        {"_id": {"$gte": f"{kpi}|{level}|{first}|", "$lt": f"{kpi}|{level}|{last}}}"}}  # '}' follows '|'
        for kpi, level, first, last in sorted(ranges)
    ]
    members = [f"{CELLS}.{name_of(each)}" for each in sorted(breakdowns)]
    where = {"$or": clauses}
    return await tx.select(Bucket, where, sort=NO_ORDER, limit=NO_LIMIT, members=members) if clauses else ()
