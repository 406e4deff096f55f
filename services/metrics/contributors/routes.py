"""What a figure is made of, over HTTP: from a number down to the events that make it."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader
from services.metrics.contributors import queries
from services.metrics.contributors.views import Contribution, Contributors
from services.metrics.reading.parameters import InDims
from services.metrics.reading.question import kpi_called, question
from services.metrics.reading.routes import InAsOf, InPeriod, KpiRef

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)

ContributorRef = Annotated[str, Path(description="The thing that is counted, by its id.", max_length=200)]


@router.get("/kpis/{kpi_id}/contributors")
@refuses("dimension_not_declared", "as_of_in_future", "granularity_not_allowed", "follows_from_others")
async def list_contributors(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    page: InPage,
    dims: InDims,
    as_of: InAsOf = None,
    period: InPeriod = None,
) -> Contributors:
    """What a KPI is made of: each thing that is counted in a cell, with what it adds; together they are the value.

    Officials and auditors see all of them, a partner its own; who runs the zone is shown figures alone.
    """
    today = zone_date(tx.now)
    asked = question(kpi_called(kpi_id), today=today, dims=dims, period=period, as_of=as_of)
    return await queries.contributors(tx, heard, asked, page)


@router.get("/kpis/{kpi_id}/contributors/{contributor_id}")
@refuses("dimension_not_declared", "as_of_in_future", "granularity_not_allowed", "follows_from_others")
async def see_contribution(
    kpi_id: KpiRef,
    contributor_id: ContributorRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    dims: InDims,
    as_of: InAsOf = None,
    period: InPeriod = None,
) -> Contribution:
    """Why a thing adds what it adds to a KPI: the events that make it so, each with day, filing and trace."""
    today = zone_date(tx.now)
    asked = question(kpi_called(kpi_id), today=today, dims=dims, period=period, as_of=as_of)
    return await queries.contribution(tx, heard, asked, contributor_id)
