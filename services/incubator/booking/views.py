"""What callers see of resources and blackouts."""

from collections.abc import Sequence
from typing import ClassVar, Self

from services.chassis.domain.money import Money
from services.chassis.domain.times import Instant
from services.chassis.http.view import Shown, View
from services.contracts.incubator.allocations import AllocationId
from services.contracts.incubator.reservations import ReservationId
from services.contracts.incubator.resources import ResourceId, ResourceKind, ResourceUsage
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.blackout import Blackout, BlackoutStatus
from services.incubator.booking.resource import Resource, ResourceStatus
from services.incubator.kernel.calendar import Terms
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.opening import DayHours, WeeklyHours
from services.incubator.kernel.quantity import UnitPrice


class ResourceView(View):
    """A room, a desk or a piece of equipment."""

    at: ClassVar[str] = "/v1/incubator/resources"

    site_id: SiteId
    """The site that it is at."""
    time_zone: str
    """Whose wall clock its hours are told by."""
    name: str
    """By which people call it."""
    kind: ResourceKind
    """What it is."""
    usage: ResourceUsage
    """Booked by quarters of an hour, or allocated by days."""
    units: int
    """How many of it there are."""
    capacity: int
    """How many people one of it takes."""
    area_m2: float | None
    """The floor area of all of it; null where it has none."""
    opening: list[WeeklyHours]
    """Its hours in a week."""
    exceptions: list[DayHours]
    """Days with other hours."""
    terms: Terms
    """How long, how early and with how much around it."""
    rate: UnitPrice | None
    """Its price; null where it costs nothing."""
    price_cap_per_day: Money | None
    """What a day costs at most; null for no bound."""
    status: ResourceStatus
    """Whether it can be reserved."""

    @classmethod
    def of(cls, resource: Resource) -> Self:
        return cls.showing(resource)


class ChangedResourceView(ResourceView):
    """A resource after a change, and the reservations that do not fit it any more."""

    affected: list[ReservationId | AllocationId]
    """Reservations to come that lie outside its hours now, or on units that are gone, and of a retired one all of them;
    of what is allocated by days, allocations likewise. They stay until somebody acts."""

    @classmethod
    def with_affected(cls, resource: Resource, affected: Sequence[str]) -> Self:
        return cls.showing(resource, affected=list(affected))


class FreeTime(Shown):
    """A time that can be booked."""

    start: Instant
    """When it begins."""
    end: Instant
    """When it ends; not included."""

    @classmethod
    def of(cls, time: Interval) -> Self:
        return cls(start=time.start, end=time.end)


class Availability(Shown):
    """When a resource can be booked: every start that is taken, and no other."""

    resource_id: ResourceId
    """The resource whose free times these are."""
    data: list[FreeTime]
    """Every time of the length that was asked for, in order."""


class FreeResources(Shown):
    """Which resources can be booked for a time."""

    data: list[ResourceView]
    """Those of the site that are free all of that time, oldest first."""


class BlackoutView(View):
    """A time for which resources are kept free of bookings."""

    at: ClassVar[str] = "/v1/incubator/blackouts"

    site_id: SiteId
    """The site whose resources are kept free."""
    resource_ids: list[ResourceId]
    """What is kept free."""
    start: Instant
    """The moment from which nothing can be booked."""
    end: Instant
    """Until when; not included."""
    reason: str
    """Why they are kept free, as users are told."""
    status: BlackoutStatus
    """Whether it still is."""

    @classmethod
    def of(cls, blackout: Blackout) -> Self:
        return cls.showing(blackout)
