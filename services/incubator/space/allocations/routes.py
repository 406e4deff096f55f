"""Allocations over HTTP: who has which desk or room for days on end, and what is free."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.queries import AllocationRef
from services.incubator.callers import Member, Reader, Staff
from services.incubator.space.allocations import effects
from services.incubator.space.allocations.bodies import AllocateResource, AskForAllocation, ChangeAllocation
from services.incubator.space.allocations.queries import (
    FITTING,
    AllocationFilter,
    FirstDay,
    FreeDaysFilter,
    LastDay,
    fit_of,
    free_on,
)
from services.incubator.space.allocations.views import (
    AllocatableResources,
    AllocationPreview,
    AllocationView,
    FreeUnitsView,
)
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/allocations/preview")
@refuses(*TRADING, *FITTING)
async def preview_allocation(body: AskForAllocation, member: Member, tx: InTx) -> AllocationPreview:
    """What an allocation would cost, month by month, or why it cannot be made; nothing is kept of it."""
    await trading_tenant(body.business_id, tx)
    return AllocationPreview.of(await fit_of(body, tx))


@router.post("/allocations", status_code=201)
@refuses(*TRADING, *FITTING, "price_changed")
async def make_allocation(body: AllocateResource, staff: Staff, tx: InTx) -> AllocationView:
    """Allocate units of a resource to a business for days on end; each month is charged once it is over."""
    return AllocationView.of(await effects.allocate(body, tx))


@router.get("/allocations")
async def list_allocations(
    asked: Annotated[AllocationFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[AllocationView]:
    """The allocations that the caller may see, oldest first."""
    return await page.of(tx, Allocation, asked.where(), AllocationView.of)


@router.get("/allocations/available")
@refuses("in_the_past", "empty_interval", "window_too_large", "too_many_resources")
async def list_allocatable(
    asked: Annotated[FreeDaysFilter, Query()], starts_on: FirstDay, ends_on: LastDay, reader: Reader, tx: InTx
) -> AllocatableResources:
    """Which resources of a site can be allocated on all of some days."""
    found = await free_on(asked, starts_on, ends_on, tx)
    return AllocatableResources(data=[FreeUnitsView.of(each) for each in found])


@router.get("/allocations/{allocation_id}")
async def see_allocation(allocation_id: AllocationRef, reader: Reader, tx: InTx) -> AllocationView:
    """One allocation."""
    return AllocationView.of(await tx.visible(Allocation, allocation_id))


@router.patch("/allocations/{allocation_id}")
@refuses(
    *(*TRADING, "resource_retired", "slot_taken", "too_long", "amount_too_large", "date_range"),
    *("invalid_transition", "period_charged", "ends_before_it_begins"),
)
async def change_allocation(
    allocation_id: AllocationRef, body: ChangeAllocation, staff: Staff, tx: InTx
) -> AllocationView:
    """Give an allocation another last day, or say whether its holder incubates."""
    allocation = await tx.visible(Allocation, allocation_id)
    return AllocationView.of(await effects.change(allocation, body, tx))


@router.post("/allocations/{allocation_id}/cancel")
@refuses("invalid_transition")
async def cancel_allocation(
    allocation_id: AllocationRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> AllocationView:
    """Let an allocation that has not begun not take place; one that has is given an earlier last day."""
    allocation = await tx.visible(Allocation, allocation_id)
    return AllocationView.of(await effects.cancel(allocation, tx))
