"""Pictures of figures over HTTP, and the same as tables."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.answers.table import TablePage
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader
from services.metrics.charts.drawing import drawn
from services.metrics.charts.queries import chart_of
from services.metrics.charts.views import ChartSvg, table_of
from services.metrics.figures.kpi import Granularity
from services.metrics.figures.periods import PeriodName
from services.metrics.reading.parameters import InDims
from services.metrics.reading.question import SeriesQuestion, kpi_called, series_question
from services.metrics.reading.routes import KpiRef

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)

YEARS = 9
"""Before the running one, where nobody says from when on."""


async def drawn_periods(
    kpi_id: KpiRef,
    tx: InTx,
    dims: InDims,
    first: Annotated[
        PeriodName | None, Query(alias="from", description="A day or period, from its beginning; default 9 years ago.")
    ] = None,
    last: Annotated[
        PeriodName | None, Query(alias="to", description="A day or period, to its end; default today.")
    ] = None,
    granularity: Annotated[Granularity, Query(description="How long a period is.")] = "year",
) -> SeriesQuestion:
    """The periods that a chart shows."""
    today = zone_date(tx.now)
    begin = first or f"{max(today.year - YEARS, 1):04}"
    return series_question(kpi_called(kpi_id), today=today, dims=dims, first=begin, last=last, granularity=granularity)


InSeries = Annotated[SeriesQuestion, Depends(drawn_periods)]


@router.get("/kpis/{kpi_id}/chart.svg")
@refuses("dimension_not_declared", "granularity_not_allowed", "period_order", "too_many_points")
async def read_chart(
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    asked: InSeries,
    width: Annotated[int, Query(ge=360, le=1_600, description="In pixels.")] = 720,
) -> ChartSvg:
    """A KPI over time as a picture, with the trajectories of its targets and their status; `chart.html` says the same.

    At most the three targets of this cell that are due last.
    """
    chart, _ = await chart_of(tx, heard, asked)
    return ChartSvg(drawn(chart, width))


@router.get("/kpis/{kpi_id}/chart.html")
@refuses("dimension_not_declared", "granularity_not_allowed", "period_order", "too_many_points")
async def read_chart_as_page(reader: Reader, tx: InTx, heard: InHeard, asked: InSeries) -> TablePage:
    """What a chart shows, as a page with a table."""
    return TablePage(table_of(*await chart_of(tx, heard, asked)))
