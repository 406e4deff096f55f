"""Which days of resources are taken by allocations and blackouts, and how a path names an allocation."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Path

from services.chassis.domain.times import zone_date, zone_midnight
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.allocations import AllocationId
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.status import AllocationStatus
from services.incubator.booking.blackout import Blackout, BlackoutStatus
from services.incubator.booking.resource import Resource, ResourceStatus
from services.incubator.kernel.day_calendar import TakenDays
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days

AllocationRef = Annotated[AllocationId, Path(description="The allocation, by its id.")]
MOST_READ: Final = 20_000
"""Allocations that one look takes in: some for each unit of a site."""


async def taken_days(resources: Sequence[Resource], days: Days, tx: Tx, *, but: str = "") -> TakenDays:
    """What is taken of resources of one site that are allocated by days, at any time within some days.

    Args:
        but: an allocation that is left out, as it is to be changed.
    """
    if not resources:
        return TakenDays({})
    where = {
        "resource_id": {"$in": [each.id for each in resources]},
        "ends_on": {"$gte": days.first},
        "starts_on": {"$lte": days.last},
        "status": {"$ne": AllocationStatus.CANCELLED},
    }
    allocations = await tx.select(Allocation, where, limit=MOST_READ)
    blackouts = await tx.select(
        Blackout,
        {
            "site_id": resources[0].site_id,
            "status": BlackoutStatus.ACTIVE,
            "start": {"$lt": zone_midnight(days.last + A_DAY)},
            "end": {"$gt": zone_midnight(days.first)},
        },
        limit=MOST_READ,
    )
    holders = {each.id: each.taken() for each in allocations if each.id != but}
    return TakenDays({**holders, **{each.id: each.taken() for each in blackouts}})


async def affected_allocations(resource: Resource, tx: Tx) -> list[str]:
    """The allocations that run or will, and do not fit a resource any more: it is retired, or a unit is gone."""
    live = {"$in": [AllocationStatus.CONFIRMED, AllocationStatus.RUNNING]}
    where = {"resource_id": resource.id, "ends_on": {"$gte": zone_date(tx.now)}, "status": live}
    found = await tx.select(Allocation, where, limit=MOST_READ)
    retired = resource.status is ResourceStatus.RETIRED
    return [each.id for each in found if retired or max(each.units) >= resource.units]
