"""A resource: a room, a desk or a piece of equipment, that is reserved unit by unit."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final, Self
from zoneinfo import ZoneInfo

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import Money
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, at_path, refuse
from services.contracts.incubator.resources import (
    ResourceAdded,
    ResourceChanged,
    ResourceEvent,
    ResourceKind,
    ResourceRetired,
    ResourceUsage,
)
from services.contracts.incubator.sites import SiteId
from services.incubator.kernel.area import square_metres
from services.incubator.kernel.calendar import Calendar, Terms
from services.incubator.kernel.opening import DayHours, Opening, WeeklyHours
from services.incubator.kernel.quantity import Unit, UnitPrice


class ResourceStatus(StrEnum):
    """Whether it takes new reservations."""

    ACTIVE = "active"
    RETIRED = "retired"


MOVES = {
    ResourceStatus.ACTIVE: {ResourceStatus.RETIRED},
    ResourceStatus.RETIRED: set[ResourceStatus](),
}


PRICED_BY: Final[Mapping[ResourceUsage, tuple[Unit, ...]]] = {
    ResourceUsage.BOOKABLE: (Unit.MINUTE, Unit.HOUR, Unit.DAY),
    ResourceUsage.ALLOCATABLE: (Unit.DAY, Unit.MONTH),
}


def judge_rate(rate: UnitPrice | None, usage: ResourceUsage | None) -> Iterator[Violation]:
    """What there is against a price of a resource: it goes by the time that the resource is reserved by."""
    if rate is not None and usage is not None and rate.per not in PRICED_BY[usage]:
        detail = "Bookings are priced by minute, hour or day, allocations by day or month."
        yield Violation("unit_mismatch", detail, ("per",))


class Resource(Aggregate):
    """A resource: a room, a desk or a piece of equipment of a site.

    Attributes:
        time_zone: of its site, by which its hours are told.
        units: how many of it there are, numbered from 0; each is reserved by itself.
        capacity: people that one unit takes.
        area_hundredths: the floor area of all units in hundredths of a square metre; None where it has none.
        opening, exceptions: its hours. terms: how it is booked.
        rate: its price; None where it costs nothing. price_cap_per_day: what one local day costs at most.
        added_on, retired_on: the first and the last day of the zone on which it could be had; None where not known, and
            while it can be.
    """

    collection: ClassVar[str] = "resources"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("site_id", 1), ("_id", 1)),
        (("kind", 1), ("status", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["site_id", "kind", "usage", "units", "status"],
            "properties": {
                "kind": {"enum": [kind.value for kind in ResourceKind]},
                "usage": {"enum": [usage.value for usage in ResourceUsage]},
                "units": {"bsonType": ["int", "long"], "minimum": 1},
                "status": {"enum": [status.value for status in ResourceStatus]},
            },
        }
    }

    site_id: SiteId
    time_zone: str
    name: str
    kind: ResourceKind
    usage: ResourceUsage
    units: int
    capacity: int
    area_hundredths: int | None = None
    opening: list[WeeklyHours]
    exceptions: list[DayHours]
    terms: Terms
    rate: UnitPrice | None = None
    price_cap_per_day: Money | None = None
    status: ResourceStatus = ResourceStatus.ACTIVE
    added_on: Day | None = None
    retired_on: Day | None = None

    @classmethod
    def add(cls, **said: Any) -> Self:
        """A new resource, as its members say."""
        resource = cls(id=new_id("res"), **said)
        resource._tell(ResourceAdded)
        return resource

    @property
    def calendar(self) -> Calendar:
        """When it can be booked."""
        return Calendar(Opening(ZoneInfo(self.time_zone), self.opening, self.exceptions), self.terms, self.units)

    @property
    def area_m2(self) -> float | None:
        """The floor area of all its units in square metres."""
        return None if self.area_hundredths is None else square_metres(self.area_hundredths)

    @property
    def is_bookable(self) -> bool:
        """Whether it takes bookings by quarters of an hour."""
        return self.usage is ResourceUsage.BOOKABLE and self.status is ResourceStatus.ACTIVE

    def change(self, **said: Any) -> None:
        """Say something else of it; what is reserved already stays as it is.

        Raises:
            Conflict: `invalid_transition`, it is retired.
            Unprocessable: `unit_mismatch`, its price does not go by the time that it is reserved by.
        """
        self._refuse_retired()
        refuse(*at_path(judge_rate(said.get("rate"), self.usage), "rate"))
        for name, value in said.items():
            setattr(self, name, value)
        self._tell(ResourceChanged)

    def was_there(self, day: date) -> bool:
        """Whether it could be had on a day of the zone."""
        return (self.added_on or day) <= day <= (self.retired_on or day)

    def retire(self, *, on: date) -> None:
        """Take no new reservations; those that it has stay.

        Raises:
            Conflict: `invalid_transition`, it is retired already.
        """
        self.status, self.retired_on = move(self.status, ResourceStatus.RETIRED, MOVES), on
        self._tell(ResourceRetired)

    def refuse_reservations(self) -> None:
        """Nothing happens where it takes them.

        Raises:
            Conflict: `resource_retired`.
        """
        if self.status is ResourceStatus.RETIRED:
            raise Conflict("This resource takes no new reservations.", code="resource_retired", resource_id=self.id)

    def _refuse_retired(self) -> None:
        if self.status is ResourceStatus.RETIRED:
            move(self.status, ResourceStatus.ACTIVE, MOVES)

    def _tell(self, event: type[ResourceEvent]) -> None:
        self.record(
            event(
                resource_id=self.id,
                site_id=self.site_id,
                resource_kind=self.kind,
                usage=self.usage,
                units=self.units,
                area_m2=self.area_m2,
            )
        )
