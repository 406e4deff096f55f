"""Whether and how an allocation fits: the one judgement of preview, allocation and change; and filters of lists."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Query
from pydantic import Field

from services.chassis.domain.errors import MOST_ERRORS, Conflict, Unprocessable
from services.chassis.domain.money import Money, apportion
from services.chassis.domain.times import Day, zone_date
from services.chassis.domain.violations import Violation, at_path, refuse, refuse_parameters
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.resources import ResourceId, ResourceKind, ResourceUsage
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.queries import taken_days
from services.incubator.booking.allocations.status import AllocationStatus
from services.incubator.booking.effects import MOST_CLAIMS
from services.incubator.booking.queries import MOST_RESOURCES
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource, ResourceStatus
from services.incubator.booking.status import LIVE
from services.incubator.departures.departure import ToCome
from services.incubator.kernel.day_calendar import TakenDays
from services.incubator.kernel.period import Days
from services.incubator.space.allocations.bodies import AskForAllocation, still_to_begin
from services.incubator.space.allocations.price import MonthPrice, by_month, total_of

MOST_IN_USE: Final = 1_000
"""Of a business that leaves, that are named."""
FITTING: Final = (
    *("resource_unknown", "not_allocatable", "too_many_units", "too_long", "in_the_past", "empty_interval"),
    *("date_range", "resource_retired", "slot_taken", "amount_too_large"),
)
"""With what `fit_of` refuses, and what it is asked for."""

FirstDay = Annotated[Day, Query(description="The first day, in the zone.")]
LastDay = Annotated[Day, Query(description="The last day, included.")]


class AllocationFilter(Filter):
    """By whose they are, where, of what, and how far they have come."""

    business_id: BusinessId | None = None
    """For which business."""
    site_id: SiteId | None = None
    """Where."""
    resource_id: ResourceId | None = None
    """Of what."""
    status: AllocationStatus | None = None
    """How far they have come."""


class FreeDaysFilter(Filter):
    """What a resource that is to be free must be."""

    site_id: SiteId
    """The site that it is at."""
    kind: ResourceKind | None = None
    """What it is."""
    units: Annotated[int, Field(ge=1, le=500)] = 1
    """How many units of it are to be free."""

    def where(self) -> dict[str, Any]:
        """Those that are allocated by days."""
        asked = {name: value for name, value in super().where().items() if name != "units"}
        return {**asked, "usage": ResourceUsage.ALLOCATABLE, "status": ResourceStatus.ACTIVE}


@dataclass(frozen=True)
class AllocationFit:
    """Units that are free on all days, and what they cost."""

    resource: Resource
    units: list[int]
    months: list[MonthPrice]

    @property
    def price(self) -> Money:
        """What all of it costs, without tax."""
        return total_of(self.months)

    @property
    def area_hundredths(self) -> int | None:
        """The floor area of these units: their parts of the whole sum to it."""
        if self.resource.area_hundredths is None:
            return None
        parts = apportion(self.resource.area_hundredths, dict.fromkeys(range(self.resource.units), 1))
        return sum(parts[unit] for unit in self.units)


async def fit_of(asked: AskForAllocation, tx: Tx) -> AllocationFit:
    """Units that are free for what a body asks for.

    Raises:
        Unprocessable: `resource_unknown`, `not_allocatable`, `too_many_units`, `too_long`, `in_the_past`,
            `amount_too_large`.
        Conflict: `resource_retired`; `slot_taken`, with the days that are taken, and not whose they are.
    """
    resource = await _allocatable(asked.resource_id, tx)
    days = Days(asked.starts_on, asked.ends_on)
    wrong = list(at_path(still_to_begin(asked.starts_on, zone_date(tx.now)), "starts_on"))
    if asked.units > resource.units:
        wrong.append(Violation("too_many_units", f"There are {resource.units} of it.", ("units",)))
    refuse(*wrong, *too_long(asked.units, days))
    months = by_month(resource.rate, asked.units, days)
    taken = await taken_days([resource], days, tx)
    free = taken.free_units(resource.id, resource.units, days)
    if len(free) < asked.units:
        raise slot_taken(resource.id, range(resource.units), days, taken)
    # Any of them, so that many who ask at once do not all want the same.
    return AllocationFit(resource, sorted(random.sample(free, asked.units)), months)


def too_long(units: int, days: Days) -> list[Violation]:
    """What there is against so many days of so many units."""
    if units * days.number <= MOST_CLAIMS:
        return []
    return [Violation("too_long", f"An allocation has at most {MOST_CLAIMS} days of units.", ("ends_on",))]


def slot_taken(resource_id: str, units: Sequence[int], days: Days, taken: TakenDays) -> Conflict:
    """The refusal of days that others have: which, and not whose they are."""
    pieces = {piece for unit in units for piece in taken.clashes(resource_id, unit, days).values()}
    told = [
        {"resource_id": resource_id, "starts_on": each.first.isoformat(), "ends_on": each.last.isoformat()}
        for each in sorted(pieces)
    ]
    detail = "Not as many units are free on all of these days."
    return Conflict(detail, code="slot_taken", conflicts=told[:MOST_ERRORS])


async def _allocatable(resource_id: str, tx: Tx) -> Resource:
    resource = await tx.find(Resource, resource_id)
    if resource is None:
        refuse(Violation("resource_unknown", "There is no such resource.", ("resource_id",)))
    assert resource is not None
    if resource.usage is not ResourceUsage.ALLOCATABLE:
        refuse(Violation("not_allocatable", "It is booked by quarters of an hour.", ("resource_id",)))
    resource.refuse_reservations()
    return resource


class FreeUnits(NamedTuple):
    """A resource, and how many of its units are free."""

    resource: Resource
    free: int


async def free_on(asked: FreeDaysFilter, first: Day, last: Day, tx: Tx) -> list[FreeUnits]:
    """The resources of a site of which as many units as are asked for are free on all of some days, oldest first.

    Raises:
        Unprocessable: `in_the_past`, `empty_interval`, `window_too_large`, `too_many_resources`.
    """
    days = Days(first, last)
    if last < first:
        refuse_parameters(Violation("empty_interval", "The last day is not before the first.", ("ends_on",)))
    if days.number > MOST_CLAIMS:
        refuse_parameters(Violation("window_too_large", f"At most {MOST_CLAIMS} days.", ("ends_on",)))
    refuse_parameters(*at_path(still_to_begin(first, zone_date(tx.now)), "starts_on"))
    found = await tx.select(Resource, asked.where(), limit=MOST_RESOURCES + 1)
    if len(found) > MOST_RESOURCES:
        raise Unprocessable("Too many resources fit; ask for one kind.", code="too_many_resources")
    taken = await taken_days(found, days, tx)
    free = [FreeUnits(each, len(taken.free_units(each.id, each.units, days))) for each in found]
    return [each for each in free if each.free >= asked.units]


async def in_use(business_id: str, tx: Tx) -> list[ToCome]:
    """What a business has reserved or was allocated that is not charged to its end yet."""
    live = {"business_id": business_id, "status": {"$in": list(LIVE)}}
    reserved = await tx.select(Reservation, live, limit=MOST_IN_USE)
    uncharged = {"business_id": business_id, "due_on": {"$ne": None}}
    allocated = await tx.select(Allocation, uncharged, limit=MOST_IN_USE)
    return [ToCome(task="use_ends", id=each.id) for each in (*reserved, *allocated)]
