"""A meter: a register with a serial number, and the service points at which it has measured."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant
from services.contracts.incubator.meters import MeterExchanged, MeterInstalled, MeterRemoved, ServicePointId
from services.contracts.incubator.tariffs import Utility
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.metering.register import Register
from services.incubator.utilities.metering.service_point import ServicePoint


class MeterStatus(StrEnum):
    """Whether a meter measures."""

    INSTALLED = "installed"
    REMOVED = "removed"


MOVES = {MeterStatus.INSTALLED: {MeterStatus.REMOVED}, MeterStatus.REMOVED: {MeterStatus.INSTALLED}}


class Installation(BaseModel):
    """A time during which a meter measured at one service point; readings of two are never subtracted.

    Attributes:
        since, until: both moments may have a reading: the initial and the final one. None while it measures.
    """

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    service_point_id: ServicePointId
    """The service point that it measures."""
    since: Instant
    """From when on."""
    until: Instant | None = None
    """Until when; null while it measures there."""


class Meter(Aggregate):
    """A meter: a register with a serial number. Every new reading of it is a new version of it (a fence).

    Attributes:
        serial: what is engraved on it; unique among the meters of its utility.
        max_daily: what can be consumed in a day at most; None where nobody knows.
        installations: where it has measured, the first one first; the last one is running or was the last.
        business_id, partner_id: of the service point at which it measures, or did last.
    """

    collection: ClassVar[str] = "meters"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("installations.service_point_id", 1), ("_id", 1)),
        (("serial", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["serial", "utility", "dial", "installations", "partner_id", "status"],
            "properties": {
                "utility": {"enum": [utility.value for utility in Utility]},
                "status": {"enum": [status.value for status in MeterStatus]},
                "dial": {"bsonType": "object"},
                "installations": {"bsonType": "array"},
            },
        }
    }

    serial: str
    utility: Utility
    dial: Register
    max_daily: Quantity | None
    installations: list[Installation]
    business_id: BusinessId | None
    partner_id: str
    status: MeterStatus = MeterStatus.REMOVED

    @classmethod
    def of(cls, *, serial: str, utility: Utility, dial: Register, max_daily: Quantity | None) -> Self:
        """A meter that is installed nowhere yet."""
        return cls(
            id=new_id("mtr"),
            serial=serial,
            utility=utility,
            dial=dial,
            max_daily=max_daily,
            installations=[],
            business_id=None,
            partner_id="",
        )

    @property
    def key(self) -> str:
        """The claim on its serial number."""
        return f"meter|{self.utility}|{self.serial}"

    def install(self, point: ServicePoint, *, at: datetime) -> None:
        """Measure at a service point from now on.

        Raises:
            Conflict: `invalid_transition`, it measures elsewhere; `utility_mismatch`; `before_removal`, at that moment
                it measured elsewhere.
        """
        self.status = move(self.status, MeterStatus.INSTALLED, MOVES)
        if point.utility is not self.utility:
            raise Conflict("This service point is of the other utility.", code="utility_mismatch")
        if self.installations and at < (self.installations[-1].until or at):
            raise Conflict("It was not removed yet then.", code="before_removal")
        self.installations = [*self.installations, Installation(service_point_id=point.id, since=at)]
        self.business_id, self.partner_id = point.business_id, point.partner_id
        self.record(MeterInstalled(**self._told(), installed_at=at))

    def remove(self, *, at: datetime, replaced_by: str | None = None) -> None:
        """Its final reading was taken. Raises Conflict: `invalid_transition`."""
        self.status = move(self.status, MeterStatus.REMOVED, MOVES)
        self.installations = [*self.installations[:-1], self.installations[-1].model_copy(update={"until": at})]
        if replaced_by is None:
            self.record(MeterRemoved(**self._told(), removed_at=at))
        else:
            self.record(MeterExchanged(**self._told(), replaced_by=replaced_by, exchanged_at=at))

    def installation_at(self, at: datetime) -> int:
        """The place in `installations` of the one that a reading of that moment belongs to.

        Raises:
            Conflict: `before_installation`, `meter_removed`.
        """
        if not self.installations or at < self.installations[0].since:
            raise Conflict("The meter was not installed then.", code="before_installation")
        for place, each in enumerate(self.installations):
            if each.since <= at and (each.until is None or at <= each.until):
                return place
        raise Conflict("The meter was removed then.", code="meter_removed")

    def _told(self) -> dict[str, Any]:
        running = self.installations[-1]
        return {
            "meter_id": self.id,
            "service_point_id": running.service_point_id,
            "business_id": self.business_id,
        }
