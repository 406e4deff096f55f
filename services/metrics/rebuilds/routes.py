"""Rebuilds of the figures over HTTP: ordered, watched, accepted or cancelled, and the way back."""

from fastapi import APIRouter

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.metrics.callers import Manager
from services.metrics.rebuilds.effects import give_up, order_rebuild, order_rollback, put_to_work
from services.metrics.rebuilds.queries import RebuildRef, halted
from services.metrics.rebuilds.rebuild import Rebuild
from services.metrics.rebuilds.views import RebuildView

router = APIRouter(prefix="/v1/metrics", route_class=TransactionalRoute)


@router.post("/rebuilds", status_code=202)
@refuses("rebuild_under_way")
async def start_rebuild(operator: Manager, tx: InTx, body: Nothing | None = None) -> RebuildView:
    """Make the figures anew from the log, beside live traffic, and show the new ones where every KPI is the same or has
    another definition by now. One that waits is cancelled; figures kept from before are given up."""
    return RebuildView.of(await order_rebuild(tx, operator), ())


@router.post("/rebuilds/rollback", status_code=202)
@refuses("rebuild_under_way", "nothing_kept", "definitions_changed")
async def roll_back(operator: Manager, tx: InTx, body: Nothing | None = None) -> RebuildView:
    """Go back to the figures that were shown before the last rebuild: they are brought up to date, and shown."""
    return RebuildView.of(await order_rollback(tx, operator), ())


@router.get("/rebuilds")
async def list_rebuilds(operator: Manager, tx: InTx, page: InPage) -> Page[RebuildView]:
    """The rebuilds of the figures, oldest first."""
    found = await page.of(tx, Rebuild, {}, lambda rebuild: rebuild)
    return Page(data=[await _shown(each, tx) for each in found.data], next_cursor=found.next_cursor)


@router.get("/rebuilds/{rebuild_id}")
async def see_rebuild(rebuild_id: RebuildRef, operator: Manager, tx: InTx) -> RebuildView:
    """One rebuild: how far it is, how fast it reads, and what differs."""
    return await _shown(await tx.visible(Rebuild, rebuild_id), tx)


@router.post("/rebuilds/{rebuild_id}/accept")
@refuses("invalid_transition")
async def accept_rebuild(
    rebuild_id: RebuildRef, operator: Manager, tx: InTx, body: Nothing | None = None
) -> RebuildView:
    """Show the new figures whatever differs; they are brought up to date first."""
    rebuild = await tx.visible(Rebuild, rebuild_id)
    rebuild.accept()
    return await _shown(put_to_work(rebuild, tx, operator), tx)


@router.post("/rebuilds/{rebuild_id}/cancel")
@refuses("invalid_transition")
async def cancel_rebuild(
    rebuild_id: RebuildRef, operator: Manager, tx: InTx, body: Nothing | None = None
) -> RebuildView:
    """Give the new figures up; those that are shown go on as if nothing had been."""
    rebuild = await tx.visible(Rebuild, rebuild_id)
    await give_up(rebuild, tx, "The operator cancelled it.")
    return await _shown(rebuild, tx)


async def _shown(rebuild: Rebuild, tx: InTx) -> RebuildView:
    return RebuildView.of(rebuild, await halted(tx, rebuild))
