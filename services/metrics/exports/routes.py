"""Figures for other programs."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader
from services.metrics.catalogue.all import dimensions_of
from services.metrics.exports.views import OpenMetrics
from services.metrics.reading import queries
from services.metrics.reading.question import headline_kpis
from services.metrics.reading.routes import DimensionName

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)


@router.get("/kpis/openmetrics")
@refuses("dimension_not_declared")
async def read_openmetrics(
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    by: Annotated[DimensionName | None, Query(description="A dimension: its cells, of the KPIs that have it.")] = None,
) -> OpenMetrics:
    """The zone's figures for a scraper, as OpenMetrics gauges: today's, in total or by one dimension.

    Only figures that have a value are samples. With `by`, no total stands beside the cells, so that a sum over them
    counts nothing twice.
    """
    today = zone_date(tx.now)
    kpis = headline_kpis(by=by, as_of=None, today=today)
    if by is None:
        return OpenMetrics(await queries.headline(tx, heard, kpis, None, today))
    headline = await queries.headline(tx, heard, [kpi for kpi in kpis if by in dimensions_of(kpi)], by, today)
    return OpenMetrics(headline.model_copy(update={"data": [each for each in headline.data if each.dims]}))
