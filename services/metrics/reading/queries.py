"""From a question to its answer: read the sums, fill what is not there, say how far it was computed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from services.chassis.consuming.heard import Heard
from services.chassis.consuming.positions import Through
from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.dimensions import DIMENSIONS, Breakdown, dims_of, key_of
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.periods import DAY
from services.metrics.figures.queries import Sum, sum_of, sums_by_cell, sums_by_period
from services.metrics.reading.question import Question, SeriesQuestion
from services.metrics.reading.views import Answer, BreakdownAnswer, CellValue, Point, Series, answer_of, value_of


async def value(tx: Tx, heard: Heard, asked: Question) -> Answer:
    """One value of one cell."""
    through = await _through(heard, [asked.kpi])
    found = await _sum(tx, asked)
    return _answer(asked, found, through, observed=await _is_observed(tx, asked, found))


async def breakdown(tx: Tx, heard: Heard, asked: Question, by: str) -> BreakdownAnswer:
    """One value, and every cell of which it is made, from one read: they add up."""
    through = await _through(heard, [asked.kpi])
    sums: Mapping[tuple[str, str], Sum] = {}
    if not asked.is_ahead:
        whole = replace(asked, by=None).breakdown
        sums = await sums_by_cell(tx, [asked.kpi], [whole, asked.breakdown], asked.first, asked.end)
    found = sums.get((asked.kpi.id, key_of(asked.dims)), Sum())
    observed = await _is_observed(tx, asked, found)
    cells = [
        CellValue(dims=dict(dims), value=value_of(asked.kpi, cell, observed=observed), n=cell.n)
        for dims, cell in _cells(asked.kpi, asked.dims, by, sums)
    ]
    return BreakdownAnswer(**dict(_answer(asked, found, through, observed=observed)), cells=cells)


async def headline(tx: Tx, heard: Heard, kpis: Collection[Kpi], by: str | None, as_of: date) -> list[Answer]:
    """Each KPI in total and, where asked, by the values of one dimension; a flow since the beginning; one read."""
    through = await _through(heard, kpis)
    breakdowns: list[Breakdown] = [(), (by,)] if by else [()]
    sums = await sums_by_cell(tx, kpis, breakdowns, None, as_of + DAY)
    found: list[Answer] = []
    for kpi in kpis:
        total = sums.get((kpi.id, ""), Sum())
        cells: list[tuple[Mapping[str, str], Sum]] = [({}, total), *(_cells(kpi, {}, by, sums) if by else ())]
        for dims, cell in cells:
            asked = Question(kpi, dims, None, None, as_of)
            found.append(_answer(asked, cell, through, observed=kpi.kind == "stock" or total.n > 0))
    return found


async def series(tx: Tx, heard: Heard, asked: SeriesQuestion) -> Series:
    """The value in each period; the running one as of today, those to come null."""
    kpi = asked.kpi
    through = await _through(heard, [kpi])
    if asked.is_ahead:
        found, points = Sum(), [_point(kpi, period.name, Sum(), observed=False) for period in asked.periods]
    elif kpi.kind == "stock":
        found, points = await _levels(tx, asked)
    else:
        found, points = await _happenings(tx, asked)
    answer = answer_of(
        kpi,
        asked.dims,
        found,
        period=f"{asked.periods[0].first}/{asked.periods[-1].end - DAY}",
        as_of=asked.end - DAY if kpi.kind == "stock" else asked.as_of,
        through=through,
        observed=any(point.value is not None for point in points),
    )
    return Series(**dict(answer), granularity=asked.granularity, points=points)


async def _levels(tx: Tx, asked: SeriesQuestion) -> tuple[Sum, list[Point]]:
    """A stock at the end of each period, carried forward; the last one."""
    sums = await _sums(tx, asked, [asked.dims])
    level, *changes = sums[key_of(asked.dims)]
    points = []
    for period, change in zip(asked.periods, changes, strict=True):
        level.add(change)
        points.append(_point(asked.kpi, period.name, level, observed=period.first < asked.end))
    return level, points


async def _happenings(tx: Tx, asked: SeriesQuestion) -> tuple[Sum, list[Point]]:
    """A flow in each period, null until anything was counted anywhere; and all together."""
    sums = await _sums(tx, asked, [asked.dims, {}])
    _, *own = sums[key_of(asked.dims)]
    before, *everywhere = sums[key_of({})]
    counted, together, points = before.n, Sum(), []
    for period, here, anywhere in zip(asked.periods, own, everywhere, strict=True):
        counted += anywhere.n
        together.add(here)
        points.append(_point(asked.kpi, period.name, here, observed=counted > 0 and period.first < asked.end))
    return together, points


async def _sums(tx: Tx, asked: SeriesQuestion, cells: Collection[Mapping[str, str]]) -> Mapping[str, list[Sum]]:
    return await sums_by_period(tx, asked.kpi, cells, asked.periods, asked.granularity, asked.end)


def _point(kpi: Kpi, period: str, found: Sum, *, observed: bool) -> Point:
    return Point(period=period, value=value_of(kpi, found, observed=observed), n=found.n if observed else 0)


async def _sum(tx: Tx, asked: Question) -> Sum:
    return Sum() if asked.is_ahead else await sum_of(tx, asked.kpi, asked.dims, asked.first, asked.end)


async def _is_observed(tx: Tx, asked: Question, found: Sum) -> bool:
    """Whether anybody was counting: a stock always, a flow from its first event on, nobody in a period to come."""
    if asked.is_ahead:
        return False
    if asked.kpi.kind == "stock" or found.n > 0:
        return True
    return (await sum_of(tx, asked.kpi, {}, None, asked.end)).n > 0


def _cells(
    kpi: Kpi, fixed: Mapping[str, str], by: str, sums: Mapping[tuple[str, str], Sum]
) -> Iterable[tuple[Mapping[str, str], Sum]]:
    """The cells by one dimension, beside those that are fixed: all its known values, then others that were found."""
    known = DIMENSIONS[by] or ()
    keys = [dims_of(key) for (id, key), found in sums.items() if id == kpi.id and (found.n or found.excluded)]
    others = {dims[by] for dims in keys if by in dims and fixed.items() <= dims.items()}.difference(known)
    for one in (*known, *sorted(others)):
        dims = {**fixed, by: one}
        yield dims, sums.get((kpi.id, key_of(dims)), Sum())


def _answer(asked: Question, found: Sum, through: Through, *, observed: bool) -> Answer:
    is_stock = asked.kpi.kind == "stock"
    return answer_of(
        asked.kpi,
        asked.dims,
        found,
        period=asked.period.name if asked.period else None if is_stock else "all",
        as_of=asked.end - DAY if is_stock else asked.as_of,
        through=through,
        observed=observed,
    )


async def _through(heard: Heard, kpis: Iterable[Kpi]) -> Through:
    return await heard.through({event.topic.name for kpi in kpis for event in kpi.events})
