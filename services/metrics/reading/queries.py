"""From a question to its answer: read the sums, fill what is not there, say how far it was computed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.chassis.consuming.heard import Heard
from services.chassis.consuming.positions import Through
from services.chassis.store.unit_of_work import Tx
from services.metrics.catalogue.all import dimensions_of, source_of
from services.metrics.figures.dimensions import dims_of, key_of
from services.metrics.figures.kpi import Kpi, Measured, Part
from services.metrics.figures.periods import DAY
from services.metrics.figures.queries import (
    CellDays,
    CellKey,
    cell_of,
    sums_by_cell,
    sums_by_period,
    sums_of,
)
from services.metrics.figures.sums import Sum
from services.metrics.reading.definitions.views import definition_of
from services.metrics.reading.disclosure.queries import CLOSED, is_veiled, told_day, veil_of, veils_over
from services.metrics.reading.points import PartPoints, flow_points, points_over_days, stock_points
from services.metrics.reading.question import Question, SeriesQuestion
from services.metrics.reading.views import (
    Answer,
    BreakdownAnswer,
    Figure,
    Headline,
    Series,
    cell_value_of,
    figure_of,
    point_of,
    shown_days,
)

Sums = Mapping[CellKey, Sum]

TOTAL: Final = key_of({})


async def value(tx: Tx, heard: Heard, asked: Question) -> Answer:
    """One value of one cell."""
    through = await through_of(heard, [asked.kpi])
    asked = _told(tx, asked)
    measured = asked.kpi.unknown
    if not asked.is_ahead:
        parts = _parts(asked.kpi, asked.dims)
        sums = await sums_of(tx, source_of, [CellDays(part, asked.first(part.kpi)) for part in parts], asked.end)
        measured = asked.kpi.measured(sums, days=asked.days, observed=await _is_observed(tx, asked, sums))
    measured = (await veil_of(tx, asked)).over(asked.dims, measured)
    return Answer(**dict(_figure(asked, measured)), computed_through=through)


async def breakdown(tx: Tx, heard: Heard, asked: Question, by: str) -> BreakdownAnswer:
    """One value, and every cell of which it is made, from one read: what can be added up does."""
    kpi, asked = asked.kpi, _told(tx, asked)
    through = await through_of(heard, [kpi])
    sums: Sums = {}
    if not asked.is_ahead:
        layers = [
            CellDays(part.within(dict.fromkeys(names, "")), asked.first(part.kpi)).layer
            for part in kpi.parts
            for names in (replace(asked, by=None).breakdown, asked.breakdown)
        ]
        sums = await sums_by_cell(tx, source_of, layers, asked.end)
    whole = _of_cell(kpi, asked.dims, sums)
    observed = not asked.is_ahead and await _is_observed(tx, asked, whole)
    veil = await veil_of(tx, asked)

    def told(dims: Mapping[str, str], sums: Sequence[Sum]) -> Measured:
        return veil.over(dims, kpi.measured(sums, days=asked.days, observed=observed))

    cells = [cell_value_of(dims, told(dims, _of_cell(kpi, dims, sums))) for dims in _cells(kpi, asked.dims, by, sums)]
    figure = _figure(asked, told(asked.dims, whole))
    return BreakdownAnswer(**dict(figure), computed_through=through, cells=cells)


async def headline(tx: Tx, heard: Heard, kpis: Sequence[Kpi], by: str | None, as_of: date) -> Headline:
    """Each KPI in total and, where it is asked for and kept, by one dimension; flows since the beginning."""
    through = await through_of(heard, kpis)
    asked = [
        Question(kpi, {}, name, None, as_of)
        for kpi in kpis
        for name in (None, *([by] if by in dimensions_of(kpi) else []))
    ]
    definitions = [definition_of(kpi) for kpi in kpis]
    return Headline(data=await cells_in(tx, asked), next_cursor=None, computed_through=through, definitions=definitions)


async def cells_in(tx: Tx, asked: Sequence[Question]) -> list[Figure]:
    """Every cell of some breakdowns, all of one period or of none; without a dimension, the cell that is asked for.

    One read for each day on which they end, and one more where they are of a period.
    """
    told = [_told(tx, each) for each in asked]
    read = {end: await _read(tx, [each for each in told if each.end == end]) for end in {each.end for each in told}}
    veils = {each.kpi.id: await veil_of(tx, each) for each in {each.kpi.id: each for each in told}.values()}
    found = []
    for each in told:
        sums, ever = read[each.end]
        observed = not each.is_ahead and _observed(each.kpi, _of_cell(each.kpi, {}, ever))
        for dims in _cells(each.kpi, each.dims, each.by, sums) if each.by else [each.dims]:
            measured = each.kpi.measured(_of_cell(each.kpi, dims, sums), days=each.days, observed=observed)
            found.append(_figure(replace(each, dims=dims), veils[each.kpi.id].over(dims, measured)))
    return found


async def _read(tx: Tx, asked: Sequence[Question]) -> tuple[Sums, Sums]:
    """The sums of questions that end on one day, and those by which it is seen whether anybody was counting."""
    if asked[0].is_ahead:
        return {}, {}
    end = asked[0].end
    layers = [
        CellDays(part.within(dict.fromkeys(each.breakdown, "")), each.first(part.kpi)).layer
        for each in asked
        for part in each.kpi.parts
    ]
    totals = [CellDays(part, None).layer for each in asked for part in each.kpi.parts if part.kpi.kind == "flow"]
    if asked[0].period is None:
        sums = await sums_by_cell(tx, source_of, [*layers, *totals], end)
        return sums, sums
    return await sums_by_cell(tx, source_of, layers, end), await sums_by_cell(tx, source_of, totals, end)


async def series(tx: Tx, heard: Heard, asked: SeriesQuestion) -> Series:
    """The value in each period; the running one as of today, those to come null."""
    kpi = asked.kpi
    through = await through_of(heard, [kpi])
    found = [] if asked.is_ahead else await _points(tx, asked)
    points, veils = [], await veils_over(tx, asked)
    for place, period in enumerate(asked.periods):
        measured = kpi.unknown
        if period.first < asked.end:
            observed = all(part.observed[place] for part in found)
            days = (min(period.end, asked.end) - period.first).days
            measured = kpi.measured([part.points[place] for part in found], days=days, observed=observed)
        measured = veils[place].over(asked.dims, measured)
        points.append(point_of(period.name, measured, complete=period.end <= asked.as_of))
    measured = kpi.unknown
    if found:
        any_value = any(point.value is not None for point in points)
        days = (asked.end - asked.periods[0].first).days
        measured = kpi.measured([part.whole for part in found], days=days, observed=any_value)
    if is_veiled(tx.caller, kpi):
        whole = veils[-1] if kpi.timing == "stock" or len(veils) == 1 else CLOSED
        measured = whole.over(asked.dims, measured)
    figure = figure_of(
        kpi,
        asked.dims,
        measured,
        period=f"{asked.periods[0].first}/{asked.periods[-1].end - DAY}",
        as_of=asked.end - DAY if kpi.timing == "stock" else asked.as_of,
    )
    return Series(**dict(figure), computed_through=through, granularity=asked.granularity, points=points)


async def _points(tx: Tx, asked: SeriesQuestion) -> list[PartPoints]:
    """What each part of the KPI comes to in each period, in one read."""
    parts = _parts(asked.kpi, asked.dims)
    totals = [Part(part.kpi, {}) for part in parts if part.kpi.timing == "flow"]
    sums = await sums_by_period(tx, source_of, [*parts, *totals], asked.periods, asked.granularity, asked.end)

    def of(part: Part) -> PartPoints:
        here = sums[cell_of(part)]
        if part.kpi.timing == "stock":
            return stock_points(here)
        everywhere = sums[part.kpi.id, TOTAL]
        over_days = part.kpi.over_days
        return (
            points_over_days(here, everywhere, asked.periods, asked.end) if over_days else flow_points(here, everywhere)
        )

    return [of(part) for part in parts]


def _told(tx: Tx, asked: Question) -> Question:
    """The same on a day that is told to who asks, where no period was asked for."""
    return asked if asked.period else replace(asked, as_of=told_day(tx, asked.kpi, asked.as_of))


def _parts(kpi: Kpi, dims: Mapping[str, str]) -> list[Part]:
    """What a KPI is read from in one of its cells."""
    return [part.within(dims) for part in kpi.parts]


def _of_cell(kpi: Kpi, dims: Mapping[str, str], sums: Sums) -> list[Sum]:
    """The sums of its parts in one of its cells, among those that were read."""
    return [sums.get(cell_of(part), Sum()) for part in _parts(kpi, dims)]


def _observed(kpi: Kpi, totals: Iterable[Sum]) -> bool:
    """Whether anybody was counting: a stock always, a flow from its first event on."""
    return all(part.kpi.kind != "flow" or total.n > 0 for part, total in zip(kpi.parts, totals, strict=True))


async def _is_observed(tx: Tx, asked: Question, sums: Sequence[Sum]) -> bool:
    """The same where the sums are of some days or of a cell: those in which nothing happened may be observed."""
    if _observed(asked.kpi, sums):
        return True
    totals = [CellDays(Part(part.kpi, {}), None) for part in asked.kpi.parts]
    return _observed(asked.kpi, await sums_of(tx, source_of, totals, asked.end))


def _cells(kpi: Kpi, fixed: Mapping[str, str], by: str, sums: Sums) -> Iterator[dict[str, str]]:
    """The cells by one dimension, beside those that are fixed: all its known values, then others that were found."""
    known = dimensions_of(kpi)[by].values
    others: set[str] = set()
    for part in _parts(kpi, fixed):
        keys = [dims_of(key) for (id, key), found in sums.items() if id == part.kpi.id and (found.n or found.excluded)]
        others.update(dims[by] for dims in keys if by in dims and part.dims.items() <= dims.items())
    others.difference_update(known)
    return ({**fixed, by: one} for one in (*known, *sorted(others)))


def _figure(asked: Question, measured: Measured) -> Figure:
    return figure_of(asked.kpi, asked.dims, measured, **shown_days(asked))


async def through_of(heard: Heard, kpis: Iterable[Kpi]) -> Through:
    """How far what some KPIs are computed from has taken effect; asked before they are read."""
    return await heard.through({event.topic.name for kpi in kpis for event in kpi.events})
