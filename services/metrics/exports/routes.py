"""Figures for other programs."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.consuming.heard import InHeard
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.answers.answer import StreamedFile
from services.chassis.http.bodies.upload import InFiles
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Reader, Watcher
from services.metrics.catalogue.all import dimensions_of
from services.metrics.exports.bodies import MakeExport
from services.metrics.exports.effects import keep, require
from services.metrics.exports.export import Export, ExportFormat
from services.metrics.exports.queries import ExportRef, rows_asked
from services.metrics.exports.views import ExportView, OpenMetrics
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


@router.post("/exports", status_code=201)
@refuses("export_too_large", "parquet_unavailable", "period_order")
async def make_export(body: MakeExport, watcher: Watcher, tx: InTx, heard: InHeard, files: InFiles) -> ExportView:
    """Make figures of some periods into a file: one row a value, in whole minor units, with its unit and currency."""
    require(body.format)
    rows, through = await rows_asked(tx, heard, body)
    return ExportView.of(await keep(rows, through, body, by=watcher, tx=tx, files=files))


@router.get("/exports")
async def list_exports(watcher: Watcher, tx: InTx, page: InPage) -> Page[ExportView]:
    """The exports that were made, oldest first."""
    return await page.of(tx, Export, {}, ExportView.of)


@router.get("/exports/{export_id}")
async def see_export(export_id: ExportRef, watcher: Watcher, tx: InTx) -> ExportView:
    """One export."""
    return ExportView.of(await tx.visible(Export, export_id))


@router.get(
    "/exports/{export_id}/file",
    responses={200: {"content": {each.media_type: {"schema": {"type": "string"}} for each in ExportFormat}}},
)
async def read_export(export_id: ExportRef, watcher: Watcher, tx: InTx, files: InFiles) -> StreamedFile:
    """The file of an export."""
    export = await tx.visible(Export, export_id)
    return StreamedFile(
        await files.open(export.upload_id), media_type=export.format.media_type, file_name=export.file_name
    )
