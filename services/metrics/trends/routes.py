"""Growth and forecast over HTTP."""

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Query

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.refusals import refuses
from services.chassis.domain.violations import Violation
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader
from services.metrics.figures.kpi import Granularity
from services.metrics.figures.periods import PeriodName
from services.metrics.reading.parameters import InDims
from services.metrics.reading.question import check_series, comparison, kpi_called
from services.metrics.reading.routes import KpiRef
from services.metrics.trends import queries
from services.metrics.trends.forecast import FEWEST, ForecastMethod
from services.metrics.trends.views import ForecastAnswer, Growth

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)

MOST: Final = 120
"""Points that a forecast is made from, and that it makes."""


@router.get("/kpis/{kpi_id}/growth")
@refuses("dimension_not_declared", "granularity_not_allowed", "period_order", "periods_differ")
async def read_growth(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    dims: InDims,
    period: Annotated[PeriodName, Query(description="2017, 2026-Q3, 2026-07 or 2026-07-14.")],
    since: Annotated[
        PeriodName | None, Query(description="An earlier period of the same length: growth a year since it, too.")
    ] = None,
    to_date: Annotated[
        bool, Query(description="Compare a running period with as many days of the others, instead of not at all.")
    ] = False,
) -> Growth:
    """A KPI beside the period before, the same of the year before, and an earlier one; like with like."""
    kpi = kpi_called(kpi_id)
    asked, base = comparison(kpi, dims=dims, period=period, since=since)
    return await queries.growth_of(tx, heard, kpi, dims, asked, base, to_date=to_date)


@router.get("/kpis/{kpi_id}/forecast")
@refuses("dimension_not_declared", "granularity_not_allowed", "too_few_points", "growth_undefined")
async def read_forecast(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    dims: InDims,
    granularity: Annotated[Granularity, Query(description="How long a period is.")] = "year",
    method: Annotated[ForecastMethod, Query(description="How the past is drawn on.")] = ForecastMethod.LEAST_SQUARES,
    last: Annotated[int, Query(ge=1, le=MOST, description="From how many of the last periods that are over.")] = 8,
    ahead: Annotated[int, Query(ge=1, le=MOST, description="How many periods, from the running one on.")] = 4,
) -> ForecastAnswer:
    """How a KPI would go on if it went on as it did: arithmetic on the past, with a band of two standard errors."""
    kpi = kpi_called(kpi_id)
    check_series(kpi, dims=dims, granularity=granularity, others=_of_points(last))
    return await queries.forecast_of(tx, heard, kpi, dims, granularity, method=method, last=last, ahead=ahead)


def _of_points(last: int) -> Iterator[Violation]:
    if last < FEWEST:
        yield Violation("too_few_points", f"A forecast needs at least {FEWEST} points.", ("last",))
