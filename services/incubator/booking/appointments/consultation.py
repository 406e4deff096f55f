"""A consultation: what a reservation is for that is an appointment, and by which events it is told."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.times import Instant, zone_date
from services.contracts.incubator import appointments as told
from services.contracts.incubator import reservations
from services.contracts.incubator.reservations import ReservationEvent

TOLD_AS: Final[Mapping[type[ReservationEvent], type[told.AppointmentEvent]]] = {
    reservations.ReservationHeld: told.AppointmentRequested,
    reservations.ReservationConfirmed: told.AppointmentConfirmed,
    reservations.ReservationExpired: told.AppointmentExpired,
    reservations.ReservationRescheduled: told.AppointmentRescheduled,
    reservations.ReservationCancelled: told.AppointmentCancelled,
    reservations.ReservationCompleted: told.AppointmentCompleted,
    reservations.ReservationNoShow: told.AppointmentMissed,
}
"""What happens to any reservation, and by which event it is told of an appointment."""


class Feedback(BaseModel):
    """What a business says of a consultation.

    Attributes:
        score: 1 to 5. comment: in its own words; None where there is none, or it was erased.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    score: told.Score
    comment: str | None


class Consultation(BaseModel):
    """What an appointment is for.

    Attributes:
        requested_at: since when it waits for an answer, or waited.
        agenda, join_url, notes: what people wrote, None where they did not, or it was erased.
        feedback: of the business, given once.
    """

    model_config = ConfigDict(extra="forbid")

    consultant_id: told.ConsultantId
    offering_id: told.OfferingId
    topic: told.ConsultingTopic
    mode: told.AppointmentMode
    requested_at: Instant
    agenda: str | None = None
    join_url: str | None = None
    notes: str | None = None
    feedback: Feedback | None = None
    erased_at: Instant | None = None

    def dimensions(self) -> dict[str, Any]:
        """By what its events are counted."""
        said = self.model_dump(include={"consultant_id", "offering_id", "mode"})
        return {**said, "consulting_topic": self.topic}


def week_of(at: Instant) -> str:
    """The week that a moment is in, by the days of the zone: `2026-W36` (ISO 8601)."""
    year, week, _ = zone_date(at).isocalendar()
    return f"{year}-W{week:02}"
