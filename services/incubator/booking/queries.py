"""What is taken of resources, the one look that listing and booking go by; and the parameters of their routes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import Field

from services.chassis.domain.errors import Unprocessable
from services.chassis.domain.violations import Violation, refuse, refuse_parameters
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.resources import BlackoutId, ResourceId, ResourceKind, ResourceUsage
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.allocations.queries import affected_allocations
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.occurrence import ReservedUnit, SlotClaim, touches_of
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource, ResourceStatus
from services.incubator.kernel.calendar import SLOT, taken_slots
from services.incubator.kernel.interval import Interval, union
from services.incubator.kernel.local_time import BookedInstant

ResourceRef = Annotated[ResourceId, Path(description="The resource, by its id.")]
BlackoutRef = Annotated[BlackoutId, Path(description="The blackout, by its id.")]
From = Annotated[BookedInstant | None, Query(alias="from", description="When it begins; now by default.")]
Until = Annotated[
    BookedInstant | None,
    Query(alias="to", description="When it ends, not included; at most 31 days later, by default seven."),
]
TimeFrom = Annotated[BookedInstant, Query(alias="from", description="When the booking begins, with its offset.")]
TimeUntil = Annotated[BookedInstant, Query(alias="to", description="When it ends, not included.")]
Minutes = Annotated[
    int | None,
    Query(ge=15, le=20160, multiple_of=15, description="How long the booking is to be; by default the shortest."),
]

FAR_AHEAD: Final = timedelta(days=400)
"""As far as reservations are looked at that a change of a resource may affect; none further ahead is named."""
A_WEEK: Final = timedelta(days=7)
LONGEST_WINDOW: Final = timedelta(days=31)
MOST_RESOURCES: Final = 500
MOST_READ: Final = 20_000
"""Reservations that one look takes in; a window of a month over a whole site has far fewer."""


class ResourceFilter(Filter):
    """By where it is, what it is, and whether it takes reservations."""

    site_id: SiteId | None = None
    """The site that it is at."""
    kind: ResourceKind | None = None
    """What it is."""
    status: ResourceStatus | None = None
    """Whether it takes new reservations."""


class FreeFilter(Filter):
    """What a resource that is to be free must be."""

    site_id: SiteId
    """The site that it is at."""
    kind: ResourceKind | None = None
    """What it is."""
    capacity: Annotated[int, Field(ge=1, le=1000)] | None = None
    """How many people it takes at least."""

    def where(self) -> dict[str, Any]:
        """Those that take bookings."""
        usual = {"kind": {"$ne": ResourceKind.CONSULTANT}, "usage": ResourceUsage.BOOKABLE}
        found = {**usual, **super().where(), "status": ResourceStatus.ACTIVE}
        return found if self.capacity is None else {**found, "capacity": {"$gte": self.capacity}}


class BlackoutFilter(Filter):
    """By where it is."""

    site_id: SiteId | None = None
    """Where."""


def window_of(start: datetime | None, end: datetime | None, now: datetime) -> Interval:
    """The window that two parameters ask for; by default the next seven days.

    Raises:
        Unprocessable: `empty_interval`, `window_too_large`.
    """
    start = start or now
    end = end or start + A_WEEK
    if end <= start:
        refuse_parameters(Violation("empty_interval", "It ends after it begins.", ("to",)))
    if end - start > LONGEST_WINDOW:
        refuse_parameters(Violation("window_too_large", "A window has at most 31 days.", ("to",)))
    return Interval(start, end)


NOBODY: Final[Mapping[str, Collection[int]]] = MappingProxyType({})


class Busy:
    """Which slots of resources are taken within a window, and by whom.

    Args:
        holders: reservation or blackout id → the slots that it takes.
    """

    def __init__(self, holders: Mapping[str, Sequence[SlotClaim]]) -> None:
        self._holders = holders

    def of(self, resource_id: str) -> dict[int, set[datetime]]:
        """Unit → the slots of it that are taken."""
        claims = chain.from_iterable(self._holders.values())
        return taken_slots((each.unit, each.slot) for each in claims if each.resource_id == resource_id)

    def clashes(self, unit: ReservedUnit, time: Interval) -> dict[str, Interval]:
        """Who takes something of what a use of a unit would take, and when, buffers included."""
        wanted = set(unit.claimed(time).steps(SLOT))
        found: dict[str, Interval] = {}
        for holder, claims in self._holders.items():
            of_it = [each for each in claims if (each.resource_id, each.unit) == (unit.resource_id, unit.unit)]
            if any(each.slot in wanted for each in of_it):
                pieces = union(Interval(each.slot, each.slot + SLOT) for each in of_it)
                found[holder] = next(piece for piece in pieces if piece.overlaps(unit.claimed(time)))
        return found


async def busy(
    resource_ids: Sequence[str], windows: Sequence[Interval], tx: Tx, *, but: Mapping[str, Collection[int]] = NOBODY
) -> Busy:
    """What is taken of resources within windows. Holds that have expired take nothing.

    Args:
        but: id of a reservation → the numbers of its occurrences that are left out, as they are to be moved.

    Raises:
        Unprocessable: `window_too_large`.
    """
    touches = sorted({each for window in windows for each in touches_of(resource_ids, window)})
    where = {"touches": {"$in": touches}}
    reservations = await tx.select(Reservation, where, limit=MOST_READ)
    blackouts = await tx.select(Blackout, where, limit=MOST_READ)
    if MOST_READ in (len(reservations), len(blackouts)):
        raise too_much()
    holders = {each.id: list(each.slots()) for each in blackouts}
    for each in reservations:
        if not each.is_overdue(tx.now):
            holders[each.id] = list(each.claims(but=but.get(each.id, ())))
    return Busy(holders)


def too_much() -> Unprocessable:
    """The refusal of a window with more in it than is read at once."""
    return Unprocessable("There is too much in this window; ask for a shorter one.", code="window_too_large")


async def resources_named(ids: Sequence[str], tx: Tx, *, path: str = "resource_ids") -> list[Resource]:
    """The resources that a list in a body names, in its order.

    Raises:
        Unprocessable: `resource_unknown`, `resources_of_two_sites`.
    """
    await tx.load(Resource, ids)
    found = [await tx.find(Resource, id) for id in ids]
    refuse(
        *(
            Violation("resource_unknown", "There is no such resource.", (path, place))
            for place, each in enumerate(found)
            if each is None
        )
    )
    resources = [each for each in found if each is not None]
    refuse(
        *(
            Violation("resources_of_two_sites", "A reservation is at one site.", (path, place))
            for place, each in enumerate(resources)
            if each.site_id != resources[0].site_id
        )
    )
    return resources


async def resource_of_site(resource_id: str, site_id: str, tx: Tx) -> None:
    """That a member `resource_id` of a body names a resource of a site.

    Raises:
        Unprocessable: `resource_unknown`, `resources_of_two_sites`.
    """
    resource = await tx.find(Resource, resource_id)
    if resource is None:
        refuse(Violation("resource_unknown", "There is no such resource.", ("resource_id",)))
    elif resource.site_id != site_id:
        refuse(Violation("resources_of_two_sites", "This resource is at another site.", ("resource_id",)))


async def reservations_of(resource: Resource, window: Interval, tx: Tx) -> list[Reservation]:
    """All that take something of a resource on the days of a window, oldest first.

    Raises:
        Unprocessable: `window_too_large`.
    """
    found = await tx.select(Reservation, {"touches": {"$in": touches_of([resource.id], window)}}, limit=MOST_READ)
    if len(found) == MOST_READ:
        raise too_much()
    return found


async def affected(resource: Resource, tx: Tx) -> list[str]:
    """What does not fit a resource any more and is to come: it is retired, closed then, or has fewer units.

    Of one that is allocated by days, the allocations that run or will.
    """
    if resource.usage is ResourceUsage.ALLOCATABLE:
        return await affected_allocations(resource, tx)
    found = await reservations_of(resource, Interval(tx.now, tx.now + FAR_AHEAD), tx)
    return [each.id for each in found if not each.is_overdue(tx.now) and _is_hit(each, resource, tx.now)]


def _is_hit(reservation: Reservation, resource: Resource, now: datetime) -> bool:
    to_come = [each for each in reservation.live if each.start > now]
    if not to_come or resource.status is ResourceStatus.RETIRED:
        return bool(to_come)
    opening = resource.calendar.opening
    gone = any(each.resource_id == resource.id and each.unit >= resource.units for each in reservation.units)
    return gone or not all(opening.covers(each.time) for each in to_come)


async def free_resources(asked: FreeFilter, time: Interval, tx: Tx) -> list[Resource]:
    """The resources that can be booked for a time, oldest first; judged as a booking would be.

    Raises:
        Unprocessable: `too_many_resources`, more than are looked at at once fit the filter.
    """
    found = await tx.select(Resource, asked.where(), limit=MOST_RESOURCES + 1)
    if len(found) > MOST_RESOURCES:
        raise Unprocessable("Too many resources fit; ask for one kind.", code="too_many_resources")
    open_then = [each for each in found if next(each.calendar.judge(time, now=tx.now), None) is None]
    reach = [each.calendar.claimed(time) for each in open_then]
    taken = await busy([each.id for each in open_then], reach, tx)
    return [each for each in open_then if any(True for _ in each.calendar.free_units(time, taken.of(each.id)))]


def reserved_unit(resource: Resource, number: int) -> ReservedUnit:
    """A unit of a resource with the buffers that it has now."""
    terms = resource.terms
    return ReservedUnit(
        resource_id=resource.id, unit=number, buffer_before=terms.buffer_before, buffer_after=terms.buffer_after
    )
