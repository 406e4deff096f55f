"""HTTP: the figures, what they mean, and whether an event is in them yet."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import WithJsonSchema

from services.chassis.consuming.heard import InHeard, event_id_of
from services.chassis.domain.refusals import refuses
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day, zone_date
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader
from services.metrics.catalogue.all import SUBJECTS
from services.metrics.figures.kpi import Aggregation, Granularity
from services.metrics.figures.periods import PeriodName
from services.metrics.reading import queries
from services.metrics.reading.definitions.views import Definition, definition_of
from services.metrics.reading.parameters import InDims
from services.metrics.reading.question import headline_kpis, kpi_called, question, series_question
from services.metrics.reading.views import Answer, BreakdownAnswer, Headline, ProjectionStatus, Series

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)

DimensionName = Annotated[str, Text(at_most=50, at_least=0)]
KpiRef = Annotated[str, Path(description="The KPI, by its name.")]
InAsOf = Annotated[Day | None, Query(description="At the end of this day in zone time; default today.")]
InPeriod = Annotated[PeriodName | None, Query(description="2017, 2026-Q3, 2026-07 or 2026-07-14.")]
HeardEventId = Annotated[
    str,
    event_id_of(*dict.fromkeys(prefix for subject in SUBJECTS for prefix in subject.heard_of)),
    WithJsonSchema({"type": "string", "pattern": "^[a-z]+_[0-9a-f]{32}:[0-9]{10}$"}),
    Query(description="The `last_event_id` of what the figures are about, such as a business."),
]


@router.get("/kpis")
@refuses("dimension_not_declared", "as_of_in_future")
async def read_headline(
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    by: Annotated[DimensionName | None, Query(description="A dimension: also the value of each of its values.")] = None,
    as_of: InAsOf = None,
) -> Headline:
    """How the zone is doing: every KPI in total and, where it is kept by it, by the values of one dimension."""
    today = zone_date(tx.now)
    kpis = headline_kpis(by=by, as_of=as_of, today=today)
    return await queries.headline(tx, heard, kpis, by, as_of or today)


@router.get("/kpis/{kpi_id}")
async def read_definition(kpi_id: KpiRef, reader: Reader) -> Definition:
    """What a KPI means: names, kind, unit, formula, what is counted, dimensions, events, who answers for it."""
    return definition_of(kpi_called(kpi_id))


@router.get("/kpis/{kpi_id}/value")
@refuses("dimension_not_declared", "as_of_in_future", "granularity_not_allowed", "not_additive", "not_a_stock")
async def read_value(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    dims: InDims,
    as_of: InAsOf = None,
    period: InPeriod = None,
    agg: Annotated[Aggregation | None, Query(description="How days make a period: as the KPI's kind says.")] = None,
) -> Answer:
    """A stock at the end of a day or period; what happens on days in a period, or all of it until `as_of`."""
    today = zone_date(tx.now)
    asked = question(kpi_called(kpi_id), today=today, dims=dims, period=period, as_of=as_of, agg=agg)
    return await queries.value(tx, heard, asked)


@router.get("/kpis/{kpi_id}/series")
@refuses("dimension_not_declared", "granularity_not_allowed", "period_order", "too_many_points")
async def read_series(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    dims: InDims,
    first: Annotated[PeriodName, Query(alias="from", description="A day or period, from its beginning.")],
    last: Annotated[
        PeriodName | None, Query(alias="to", description="A day or period, to its end; default today.")
    ] = None,
    granularity: Annotated[Granularity, Query(description="How long a period is.")] = "year",
) -> Series:
    """A KPI over time, one point a calendar period; at most 10,000 points."""
    today = zone_date(tx.now)
    asked = series_question(kpi_called(kpi_id), today=today, dims=dims, first=first, last=last, granularity=granularity)
    return await queries.series(tx, heard, asked)


@router.get("/kpis/{kpi_id}/breakdown")
@refuses("ambiguous", "dimension_not_declared", "as_of_in_future", "granularity_not_allowed")
async def read_breakdown(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    heard: InHeard,
    dims: InDims,
    by: Annotated[DimensionName, Query(description="A dimension of the KPI.")],
    as_of: InAsOf = None,
    period: InPeriod = None,
) -> BreakdownAnswer:
    """A KPI by the values of one dimension, of the whole zone or of one cell."""
    today = zone_date(tx.now)
    asked = question(kpi_called(kpi_id), today=today, dims=dims, by=by, period=period, as_of=as_of)
    return await queries.breakdown(tx, heard, asked, by)


@router.get("/projection/status", response_model_exclude_none=True)
async def read_projection_status(
    reader: Reader,
    heard: InHeard,
    event_id: HeardEventId,
) -> ProjectionStatus:
    """Whether an event is in the figures: how a caller learns that its write has arrived.

    Figures follow from the events of what is counted: what a filing changed in the register is asked for with its
    business's `last_event_id`.
    """
    found = await heard.status_of(event_id)
    return ProjectionStatus.showing(found, event_id=event_id)
