"""Reads of how a figure changes: its values in some periods, through the same reads as everyone's."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from services.chassis.consuming.heard import Heard
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse_parameters
from services.chassis.store.unit_of_work import Tx
from services.metrics.figures.kpi import Granularity, Kpi
from services.metrics.figures.periods import DAY, Period, periods
from services.metrics.figures.rates import Number, rounded
from services.metrics.reading import queries
from services.metrics.reading.disclosure.queries import told_until
from services.metrics.reading.question import Question, SeriesQuestion
from services.metrics.reading.views import Answer
from services.metrics.trends.forecast import FEWEST, ForecastMethod, can_be_compounded, forecast, recent
from services.metrics.trends.growth import (
    growth,
    growth_a_year,
    is_complete,
    last_compared,
    period_before,
    year_before,
    years_from,
)
from services.metrics.trends.views import Comparison, ForecastAnswer, ForecastPoint, Growth


async def growth_of(
    tx: Tx,
    heard: Heard,
    kpi: Kpi,
    dims: Mapping[str, str],
    period: Period,
    since: Period | None,
    *,
    to_date: bool,
) -> Growth:
    """A figure in a period, beside others."""
    today = zone_date(tx.now)

    async def value_in(other: Period, last: date) -> Answer:
        return await queries.value(tx, heard, Question(kpi, dims, None, other, last))

    now = await value_in(period, today)
    complete = is_complete(period, today)
    comparable = complete or (to_date and period.first <= today)

    async def beside(other: Period | None, years: Fraction | None = None) -> Comparison | None:
        last = None if other is None else last_compared(other, period, today, to_date=to_date)
        if other is None or last is None or other.first > today:
            return None
        then = await value_in(other, min(last, today))
        found = None
        if comparable:
            found = growth(now.value, then.value) if years is None else growth_a_year(now.value, then.value, years)
        return Comparison.of(other, last, then, found)

    return Growth(
        **dict(now),
        complete=complete,
        to_date=to_date,
        yoy=await beside(year_before(period)),
        qoq=await beside(period_before(period)),
        cagr=await beside(since, years_from(since, period) if since else None),
    )


async def forecast_of(
    tx: Tx,
    heard: Heard,
    kpi: Kpi,
    dims: Mapping[str, str],
    granularity: Granularity,
    *,
    method: ForecastMethod,
    last: int,
    ahead: int,
) -> ForecastAnswer:
    """How a figure would go on after the last periods that are over, and told to who asks.

    Raises:
        Unprocessable: `too_few_points`, `growth_undefined`.
    """
    today = told_until(tx, kpi)
    running = Period.around(today, granularity)
    asked = SeriesQuestion(kpi, dims, _before(running, last), granularity, today)
    series = await queries.series(tx, heard, asked)
    values = recent([point.value for point in series.points])
    _check(values, method)
    found = forecast(values, ahead, method)
    names = [each.name for each in _from(running, ahead)]
    return ForecastAnswer(
        **dict(series) | {"points": series.points[-len(values) :]},
        method=method,
        residual_error=rounded(found.residual_error),
        forecast=[_point(name, *each) for name, each in zip(names, found.points, strict=True)],
    )


def _check(values: Sequence[int], method: ForecastMethod) -> None:
    if len(values) < FEWEST:
        detail = f"The last {len(values)} of these periods have a value; a forecast needs {FEWEST}."
        refuse_parameters(Violation("too_few_points", detail, ("last",)))
    if method is ForecastMethod.CAGR and not can_be_compounded(values):
        detail = "No rate of growth leads from the first point to the last: from 0, to 0 or through 0 none does."
        refuse_parameters(Violation("growth_undefined", detail, ("method",)))


def _before(running: Period, count: int) -> list[Period]:
    """The periods before one, in order; fewer where the calendar begins."""
    found: list[Period] = []
    each = period_before(running)
    while each is not None and len(found) < count:
        found.insert(0, each)
        each = period_before(each)
    return found


def _from(running: Period, count: int) -> list[Period]:
    """A period and those after it, in order."""
    found = [running]
    while len(found) < count:
        found += periods(found[-1].end, found[-1].end + DAY, running.granularity)
    return found


def _point(name: str, value: Number, low: Number, high: Number) -> ForecastPoint:
    return ForecastPoint(period=name, value=rounded(value), low=rounded(low), high=rounded(high))
