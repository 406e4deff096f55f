"""What the incubator tells everyone of its rooms, desks and equipment."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.sites import SiteId

RESERVATIONS = Topic("zone.incubator.reservations")
"""Resources of the sites, and what is reserved of them."""

ResourceId = Annotated[str, id_of("res")]
BlackoutId = Annotated[str, id_of("blk")]


class ResourceKind(StrEnum):
    """What can be reserved."""

    ROOM = "room"
    HOT_DESK = "hot_desk"
    DEDICATED_DESK = "dedicated_desk"
    OFFICE = "office"
    EQUIPMENT = "equipment"
    CONSULTANT = "consultant"


class ResourceUsage(StrEnum):
    """How it is reserved: by quarters of an hour, or by days."""

    BOOKABLE = "bookable"
    ALLOCATABLE = "allocatable"


class ResourceEvent(Event):
    """What every event of a resource says: what it is, how many of it there are, and their area together."""

    resource_id: ResourceId
    site_id: SiteId
    resource_kind: Growing[ResourceKind]
    usage: Growing[ResourceUsage]
    units: int
    area_m2: float | None = None


class ResourceAdded(ResourceEvent, name="zone.incubator.resource.added.v1", topic=RESERVATIONS, audience="public"):
    """A room, a desk or a piece of equipment can be reserved."""


class ResourceChanged(ResourceEvent, name="zone.incubator.resource.changed.v1", topic=RESERVATIONS, audience="public"):
    """It has other hours, terms, prices or units than before; what is reserved already stays."""


class ResourceRetired(ResourceEvent, name="zone.incubator.resource.retired.v1", topic=RESERVATIONS, audience="public"):
    """It takes no new reservations; those that it has stay until somebody ends them."""


class ResourcesBlocked(Event, name="zone.incubator.resources.blocked.v1", topic=RESERVATIONS, audience="public"):
    """Staff keeps resources free of bookings for some time."""

    blackout_id: BlackoutId
    site_id: SiteId
    resource_ids: list[ResourceId]
    start: Instant
    end: Instant


class ResourcesUnblocked(Event, name="zone.incubator.resources.unblocked.v1", topic=RESERVATIONS, audience="public"):
    """Resources can be booked again in a time for which they had been kept free."""

    blackout_id: BlackoutId
    resource_ids: list[ResourceId]


class ResourceDayClosed(Event, name="zone.incubator.resource_day.closed.v1", topic=RESERVATIONS, audience="public"):
    """How much of one kind of resources of a site was occupied on a day of the zone; said again, it is a correction.

    What is booked is counted in minutes of units, what is allocated in days of units. `open` is what could be had: the
    units by their opening hours, without what staff kept free.
    """

    site_id: SiteId
    resource_kind: Growing[ResourceKind]
    usage: Growing[ResourceUsage]
    on: Day
    open: int
    occupied: int
