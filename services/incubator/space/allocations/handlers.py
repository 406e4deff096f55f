"""What the registry says, and what it does to the allocations of a business."""

from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.status import AllocationStatus
from services.incubator.space.allocations.bodies import ChangeAllocation
from services.incubator.space.allocations.effects import cancel, change
from services.incubator.tenants.queries import is_leaving

MOST: Final = 1_000
"""Allocations of one business that have not ended."""

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def end_allocations(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """Today is the last day of what a business that is being dissolved has; what has not begun does not take place."""
    if not await is_leaving(event.business_id, tx):
        return
    today = zone_date(tx.now)
    live = {"business_id": event.business_id, "status": {"$in": [AllocationStatus.CONFIRMED, AllocationStatus.RUNNING]}}
    for allocation in await tx.select(Allocation, live, limit=MOST):
        if allocation.status is AllocationStatus.CONFIRMED and allocation.starts_on > today:
            await cancel(allocation, tx)
        elif allocation.status is not AllocationStatus.CANCELLED and allocation.ends_on > today:
            await change(allocation, ChangeAllocation(ends_on=today), tx)
