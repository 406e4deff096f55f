"""The clock that closes days: how much of the resources of each site was occupied, once a day, and corrected since."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.status import AllocationStatus
from services.incubator.booking.blackout import Blackout, BlackoutStatus
from services.incubator.booking.occupancy.measuring import Known, measured
from services.incubator.booking.occupancy.resource_day import ResourceDay, resource_day_id
from services.incubator.booking.occurrence import touches_of
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days
from services.incubator.sites.site import Site

SETTLED_AFTER: Final = timedelta(hours=1)
"""By then it is known who came to what began before midnight."""
CORRECTED_FOR: Final = 35
"""Days for which a day that is closed is looked at again: an allocation can be found to have ended a month before."""
MOST: Final = 20_000
"""Of one noun, of one site on one day."""


async def close_days(now: datetime, new_tx: NewTx) -> None:
    """Close each day that is over, site by site, and correct those of the last weeks; it may run twice, or late."""
    yesterday = zone_date(now - SETTLED_AFTER) - A_DAY

    async def close(site: Site, tx: Tx) -> None:
        newest = await tx.select(ResourceDay, {"site_id": site.id}, sort=[("on", -1)], limit=1)
        if newest and newest[0].on >= yesterday:
            return
        resources = await tx.select(Resource, {"site_id": site.id}, limit=MOST)
        first = min(newest[0].on if newest else yesterday, yesterday - CORRECTED_FOR * A_DAY)
        for on in Days(first, yesterday).each():
            if there := [each for each in resources if each.was_there(on)]:
                await close_day(site.id, there, on, new_tx())

    await for_each(Site, {}, close, new_tx)


async def close_day(site_id: str, resources: Sequence[Resource], on: date, tx: Tx) -> None:
    """Close a day of a site, or correct what was said of it, in one commit."""
    known = await known_of(site_id, resources, on, tx)
    for kind, measure in measured(known, on).items():
        day = await tx.find(ResourceDay, resource_day_id(site_id, *kind, on))
        if day is None:
            tx.save(ResourceDay.close(site_id, *kind, on, open=measure.open, occupied=measure.occupied))
        elif day.correct(measure.occupied):
            tx.save(day)
    await tx.commit()


async def known_of(site_id: str, resources: Sequence[Resource], on: date, tx: Tx) -> Known:
    """What takes something of resources of a site on a day of the zone."""
    days, ids = Days(on, on), [each.id for each in resources]
    touching = {"$in": touches_of(ids, Interval(days.starts_at, days.ends_at))}
    had = {"resource_id": {"$in": ids}, "ends_on": {"$gte": on}, "starts_on": {"$lte": on}}
    kept_free = {"site_id": site_id, "start": {"$lt": days.ends_at}, "end": {"$gt": days.starts_at}}
    return Known(
        resources,
        await tx.select(Reservation, {"touches": touching}, limit=MOST),
        await tx.select(Allocation, {**had, "status": {"$ne": AllocationStatus.CANCELLED}}, limit=MOST),
        await tx.select(Blackout, {**kept_free, "status": BlackoutStatus.ACTIVE}, limit=MOST),
    )


CLOCKS = (Clock("incubator.resource_days", every=900, task=close_days),)
