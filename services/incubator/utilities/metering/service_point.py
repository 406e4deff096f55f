"""A service point: a place of a site that takes water or electricity, for one business or for the whole site."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_midnight
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.meters import (
    FinalReadingRequested,
    PointRole,
    ServicePointClosed,
    ServicePointOpened,
    ServicePointResumed,
    ServicePointSuspended,
)
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import TariffId, Utility
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.area import square_metres
from services.incubator.kernel.local_time import A_DAY


class PointStatus(StrEnum):
    """Whether a service point is supplied."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Cut off for a while; it stays its business's, and is billed as before."""
    CLOSED = "closed"


MOVES: dict[PointStatus, set[PointStatus]] = {
    PointStatus.ACTIVE: {PointStatus.SUSPENDED, PointStatus.CLOSED},
    PointStatus.SUSPENDED: {PointStatus.ACTIVE, PointStatus.CLOSED},
    PointStatus.CLOSED: set(),
}


class ServicePoint(Aggregate):
    """A service point: where a site takes water or electricity, for one business, or through which all of it does.

    Attributes:
        place: where on the site; who takes over a place from another is its successor there.
        resource_id: the room or desk of the site that it is in; None where it is in none.
        business_id: whom it supplies; None where it is the site's main one.
        partner_id: the partner of that business, or the office that opened a main one.
        area_hundredths: its floor area in hundredths of a square metre; common consumption is divided by it.
        opened_on, closed_on: the first and the last day, both included; None while it is open.
        tariff_id: what it is billed by; None of a main one.
        suspended_at: since when it is cut off; None while it is not.
        meter_id: the meter that is installed now.
        billed_through: the last day that a bill was made for.
        final_reading_requested_on: since when its meter is to be read for the last time, as its business leaves.
    """

    collection: ClassVar[str] = "service_points"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("site_id", 1), ("utility", 1), ("_id", 1)),
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("final_reading_requested_on", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["site_id", "utility", "role", "partner_id", "opened_on", "closed_on", "status"],
            "properties": {
                "utility": {"enum": [utility.value for utility in Utility]},
                "role": {"enum": [role.value for role in PointRole]},
                "status": {"enum": [status.value for status in PointStatus]},
                "opened_on": {"bsonType": "date"},
                "closed_on": {"bsonType": ["date", "null"]},
            },
        }
    }

    site_id: SiteId
    utility: Utility
    role: PointRole
    place: str
    resource_id: ResourceId | None = None
    business_id: BusinessId | None
    partner_id: str
    area_hundredths: int
    tariff_id: TariffId | None
    opened_on: Day
    closed_on: Day | None = None
    status: PointStatus = PointStatus.ACTIVE
    suspended_at: Instant | None = None
    meter_id: str | None = None
    billed_through: Day | None = None
    final_reading_requested_on: Day | None = None

    @classmethod
    def open(
        cls,
        *,
        site_id: str,
        utility: Utility,
        role: PointRole,
        place: str,
        business_id: str | None,
        partner_id: str,
        area_hundredths: int,
        tariff_id: str | None,
        opened_on: date,
        resource_id: str | None = None,
    ) -> Self:
        """A place that is supplied from a day on."""
        point = cls(
            id=new_id("svp"),
            site_id=site_id,
            utility=utility,
            role=role,
            place=place,
            resource_id=resource_id,
            business_id=business_id,
            partner_id=partner_id,
            area_hundredths=area_hundredths,
            tariff_id=tariff_id,
            opened_on=opened_on,
        )
        point.record(ServicePointOpened(**point._told(), role=role, opened_on=opened_on, resource_id=resource_id))
        return point

    @property
    def main_key(self) -> str:
        """The claim of the main service point of a site: one of each utility at a time."""
        return f"main_point|{self.site_id}|{self.utility}"

    @property
    def area_m2(self) -> float | None:
        """Its floor area in square metres; none is said of a main one."""
        return square_metres(self.area_hundredths) if self.area_hundredths else None

    @property
    def begins_at(self) -> datetime:
        """The moment at which its first day begins in the zone."""
        return zone_midnight(self.opened_on)

    @property
    def ends_at(self) -> datetime | None:
        """The moment at which its last day is over in the zone; None while it is open."""
        return None if self.closed_on is None else zone_midnight(self.closed_on + A_DAY)

    def suspend(self, *, at: datetime) -> None:
        """Cut it off from now on. Raises Conflict: `invalid_transition`."""
        self.status, self.suspended_at = move(self.status, PointStatus.SUSPENDED, MOVES), at
        self.record(ServicePointSuspended(**self._told()))

    def resume(self) -> None:
        """Supply it again. Raises Conflict: `invalid_transition`."""
        self.status, self.suspended_at = move(self.status, PointStatus.ACTIVE, MOVES), None
        self.record(ServicePointResumed(**self._told()))

    def close(self, *, on: date, today: date) -> None:
        """It supplies this business no longer; a meter that is there waits for its final reading.

        Raises:
            Unprocessable: `in_the_future`, `closes_before_it_opens`.
            Conflict: `invalid_transition`, `period_billed`.
        """
        if on > today:
            refuse(Violation("in_the_future", "This day is still to come.", ("closed_on",)))
        if on < self.opened_on:
            refuse(Violation("closes_before_it_opens", "It was opened after that day.", ("closed_on",)))
        if self.billed_through and on < self.billed_through:
            raise Conflict("Days after that one were billed.", code="period_billed")
        self.status, self.closed_on = move(self.status, PointStatus.CLOSED, MOVES), on
        self.record(ServicePointClosed(**self._told(), closed_on=on))

    def connect(self, meter_id: str, *, at: datetime) -> None:
        """A meter is installed here.

        Raises:
            Conflict: `invalid_transition`, it is closed; `meter_present`, another one is here; `before_opening`.
        """
        if self.status is PointStatus.CLOSED:
            raise invalid_transition(self.status, ())
        if self.meter_id is not None:
            raise Conflict("There is a meter here already: exchange it.", code="meter_present")
        if at < self.begins_at:
            raise Conflict("The service point was not open then.", code="before_opening")
        self.meter_id = meter_id

    def disconnect(self, meter_id: str, *, for_good: bool) -> None:
        """A meter had its final reading here; for good, where no other one takes its place."""
        if self.meter_id == meter_id:
            self.meter_id = None
            self.final_reading_requested_on = None if for_good else self.final_reading_requested_on

    def request_final_reading(self, *, on: date) -> bool:
        """Somebody is to read its meter for the last time; whether that is new."""
        if self.meter_id is None or self.final_reading_requested_on is not None:
            return False
        self.final_reading_requested_on = on
        self.record(FinalReadingRequested(**self._told(), requested_on=on))
        return True

    def bill_through(self, day: date) -> None:
        """A bill was made up to a day."""
        self.billed_through = max(day, self.billed_through or day)

    def _told(self) -> dict[str, Any]:
        return {
            "service_point_id": self.id,
            "business_id": self.business_id,
            "site_id": self.site_id,
            "utility": self.utility,
        }
