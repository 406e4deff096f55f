"""What the incubator tells of allocations: desks and rooms that a business has for days on end."""

from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Day
from services.contracts.incubator.resources import RESERVATIONS, ResourceId, ResourceKind
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId, BusinessKind

AllocationId = Annotated[str, id_of("alc")]


class AllocationEvent(Event):
    """What every event of an allocation says: whose it is, how much of what, and whether its holder incubates.

    `area_m2` is that of its units, at most two decimals; none where the resource has no area.
    """

    allocation_id: AllocationId
    site_id: SiteId
    resource_id: ResourceId
    resource_kind: Growing[ResourceKind]
    units: int
    area_m2: float | None
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    incubating: bool


class AllocationTerm(AllocationEvent):
    """One that says for which days, the last one included, and at which price for all of them, without tax."""

    starts_on: Day
    ends_on: Day
    price: Money


class AllocationConfirmed(
    AllocationTerm, name="zone.incubator.allocation.confirmed.v1", topic=RESERVATIONS, audience="owner"
):
    """Units of a resource are kept for a business for some days to come."""


class AllocationChanged(
    AllocationTerm, name="zone.incubator.allocation.changed.v1", topic=RESERVATIONS, audience="owner"
):
    """An allocation has another last day than before, or its holder incubates now, or no longer."""


class AllocationCancelled(
    AllocationEvent, name="zone.incubator.allocation.cancelled.v1", topic=RESERVATIONS, audience="owner"
):
    """An allocation will not take place; its days are free."""


class AllocationStarted(
    AllocationEvent, name="zone.incubator.allocation.started.v1", topic=RESERVATIONS, audience="owner"
):
    """A business has what was allocated to it from a day on."""

    started_on: Day


class AllocationEnded(AllocationEvent, name="zone.incubator.allocation.ended.v1", topic=RESERVATIONS, audience="owner"):
    """A business had what was allocated to it up to a day, included; said again, it takes the place of before."""

    ended_on: Day
