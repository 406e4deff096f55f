"""A reading: what a meter showed at a moment. It is never changed: a correction is another one in its place."""

from typing import Any, ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant
from services.contracts.incubator.meters import (
    MeterId,
    ReadingConfirmed,
    ReadingFlagged,
    ReadingRecorded,
    ReadingSource,
    ReadingStatus,
    ReadingSuperseded,
    ServicePointId,
)
from services.contracts.registry.businesses import BusinessId
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.register import Flag, Judgement, Look
from services.incubator.utilities.metering.service_point import ServicePoint

MOVES: dict[ReadingStatus, set[ReadingStatus]] = {
    ReadingStatus.ACCEPTED: {ReadingStatus.SUPERSEDED},
    ReadingStatus.UNDER_REVIEW: {ReadingStatus.ACCEPTED, ReadingStatus.SUPERSEDED},
    ReadingStatus.SUPERSEDED: set(),
}


class Reading(Aggregate):
    """A reading: what a meter showed at a moment, or is thought to have shown.

    Attributes:
        installation: the place among its meter's installations.
        dial: in the last digit of the register.
        value: the same as text.
        rollover: whether the dial is known to have gone past its largest number since the reading before it.
        supersedes, superseded_by: the reading whose place it took, and the one that took its own.
        business_id, partner_id: of the service point at that moment.
    """

    collection: ClassVar[str] = "readings"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("meter_id", 1), ("installation", 1), ("at", 1), ("_id", 1)),
        (("service_point_id", 1), ("at", 1), ("_id", 1)),
        (("status", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["meter_id", "installation", "service_point_id", "at", "dial", "source", "status"],
            "properties": {
                "at": {"bsonType": "date"},
                "dial": {"bsonType": ["int", "long"], "minimum": 0},
                "source": {"enum": [source.value for source in ReadingSource]},
                "status": {"enum": [status.value for status in ReadingStatus]},
                "flag": {"enum": [None, *(flag.value for flag in Flag)]},
            },
        }
    }

    meter_id: MeterId
    installation: int
    service_point_id: ServicePointId
    business_id: BusinessId | None
    partner_id: str
    at: Instant
    dial: int
    value: str
    source: ReadingSource
    rollover: bool
    status: ReadingStatus
    flag: Flag | None = None
    supersedes: str | None = None
    superseded_by: str | None = None

    @classmethod
    def of(
        cls,
        meter: Meter,
        point: ServicePoint,
        look: Look,
        *,
        installation: int,
        source: ReadingSource,
        judgement: Judgement,
        supersedes: str | None = None,
    ) -> Self:
        """A reading that was found to fit."""
        reading = cls(
            id=new_id("rdg"),
            meter_id=meter.id,
            installation=installation,
            service_point_id=point.id,
            business_id=point.business_id,
            partner_id=point.partner_id,
            at=look.at,
            dial=look.dial,
            value=meter.dial.shown(look.dial),
            source=source,
            rollover=look.rollover,
            status=ReadingStatus.UNDER_REVIEW if judgement.must_be_reviewed else ReadingStatus.ACCEPTED,
            flag=judgement.flag,
            supersedes=supersedes,
        )
        told = reading._told()
        reading.record(
            ReadingRecorded(**told, read_at=look.at, value=reading.value, source=source, status=reading.status)
        )
        if reading.flag:
            reading.record(ReadingFlagged(**told, flag=reading.flag.value))
        return reading

    @property
    def look(self) -> Look:
        """What it says of the dial."""
        return Look(self.at, self.dial, self.rollover)

    @property
    def is_actual(self) -> bool:
        """Whether somebody looked."""
        return self.source is not ReadingSource.ESTIMATED

    def confirm(self) -> None:
        """It is right, however it looks. Raises Conflict: `invalid_transition`."""
        self.status = move(self.status, ReadingStatus.ACCEPTED, MOVES, allowed_actions=("supersede",))
        self.record(ReadingConfirmed(**self._told()))

    def give_way(self, to: str) -> None:
        """Another reading takes its place. Raises Conflict: `invalid_transition`."""
        self.status = move(self.status, ReadingStatus.SUPERSEDED, MOVES)
        self.superseded_by = to
        self.record(ReadingSuperseded(**self._told(), superseded_by=to))

    def _told(self) -> dict[str, Any]:
        return {
            "reading_id": self.id,
            "meter_id": self.meter_id,
            "service_point_id": self.service_point_id,
            "business_id": self.business_id,
        }
