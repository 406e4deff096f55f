"""Snapshots over HTTP: taken by who runs the zone, read by those who work for the zone."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.metrics.callers import Manager, Reader
from services.metrics.figures.dimensions import key_of
from services.metrics.figures.periods import Period, PeriodName
from services.metrics.reading.parameters import InDims
from services.metrics.reading.queries import cells_in
from services.metrics.reading.question import kpi_called, question
from services.metrics.reading.routes import KpiRef
from services.metrics.vintages.bodies import TakeSnapshot
from services.metrics.vintages.queries import FigureFilter, SnapshotFilter, SnapshotRef, all_of, beside_now
from services.metrics.vintages.snapshot import FrozenFigure, Snapshot
from services.metrics.vintages.views import FrozenFigureView, SnapshotView

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)


@router.post("/snapshots", status_code=201)
@refuses("period_not_over")
async def take_snapshot(body: TakeSnapshot, manager: Manager, tx: InTx) -> SnapshotView:
    """Keep all figures of a period that is over as they are known now, whatever is learned later."""
    period, today = Period.read(body.period), zone_date(tx.now)
    figures = await cells_in(tx, all_of(period, today))
    snapshot = Snapshot.of(period, figures, at=tx.now, today=today)
    for each in figures:
        tx.save(FrozenFigure.of(snapshot, each))
    return SnapshotView.of(tx.save(snapshot))


@router.get("/snapshots")
async def list_snapshots(
    asked: Annotated[SnapshotFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[SnapshotView]:
    """The snapshots, oldest first; several of one period are its vintages."""
    return await page.of(tx, Snapshot, asked.where(), SnapshotView.of)


@router.get("/snapshots/{snapshot_id}")
async def see_snapshot(snapshot_id: SnapshotRef, reader: Reader, tx: InTx) -> SnapshotView:
    """One snapshot."""
    return SnapshotView.of(await tx.visible(Snapshot, snapshot_id))


@router.get("/snapshots/{snapshot_id}/figures")
async def list_frozen_figures(
    snapshot_id: SnapshotRef, asked: Annotated[FigureFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[FrozenFigureView]:
    """What a snapshot kept, by KPI and cell, each beside what is known now: a restatement is seen."""
    snapshot = await tx.visible(Snapshot, snapshot_id)
    found = await page.of(tx, FrozenFigure, {**asked.where(), "snapshot_id": snapshot.id}, lambda each: each)
    return Page(data=await beside_now(tx, found.data, zone_date(tx.now)), next_cursor=found.next_cursor)


@router.get("/kpis/{kpi_id}/vintages")
@refuses("dimension_not_declared", "granularity_not_allowed")
async def list_vintages(
    kpi_id: KpiRef,
    reader: Reader,
    tx: InTx,
    page: InPage,
    dims: InDims,
    period: Annotated[PeriodName, Query(description="2017, 2026-Q3, 2026-07 or 2026-07-14.")],
) -> Page[FrozenFigureView]:
    """What was reported of a KPI in a period, snapshot by snapshot, each beside what is known now."""
    today = zone_date(tx.now)
    asked = question(kpi_called(kpi_id), today=today, dims=dims, period=period)
    where = {"kpi": asked.kpi.id, "period": period, "dims_key": key_of(asked.dims)}
    found = await page.of(tx, FrozenFigure, where, lambda each: each)
    return Page(data=await beside_now(tx, found.data, today), next_cursor=found.next_cursor)
