"""What the incubator tells of appointments with consultants: whose they are and about what, and nobody's words."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.reservations import CancellationReason, ReservationEvent
from services.contracts.incubator.resources import RESERVATIONS

ConsultantId = Annotated[str, id_of("cst")]
OfferingId = Annotated[str, id_of("ofr")]
ConsultingTopic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""What a consultation is about, as one word that is counted by, such as `tax` or `export_licences`."""
Score = Annotated[int, Field(ge=1, le=5)]


class AppointmentMode(StrEnum):
    """The ways in which people meet."""

    ONSITE = "onsite"
    ONLINE = "online"


class AppointmentEvent(ReservationEvent):
    """What every event of an appointment says: with whom, of what offering and about what."""

    consultant_id: ConsultantId
    offering_id: OfferingId
    consulting_topic: ConsultingTopic
    mode: Growing[AppointmentMode]


class TimedAppointment(AppointmentEvent):
    """One that says when, and at which price."""

    start: Instant
    end: Instant
    price: Money


class AppointmentRequested(
    TimedAppointment, name="zone.incubator.appointment.requested.v1", topic=RESERVATIONS, audience="owner"
):
    """A business asks for an hour of a consultant, which is kept for it until a moment."""

    hold_expires_at: Instant


class AppointmentConfirmed(
    TimedAppointment, name="zone.incubator.appointment.confirmed.v1", topic=RESERVATIONS, audience="owner"
):
    """The consultant will be there."""


class AppointmentDeclined(
    AppointmentEvent, name="zone.incubator.appointment.declined.v1", topic=RESERVATIONS, audience="owner"
):
    """The consultant will not be there; what was kept is free."""


class AppointmentExpired(
    AppointmentEvent, name="zone.incubator.appointment.expired.v1", topic=RESERVATIONS, audience="owner"
):
    """Nobody answered in time; what was kept is free."""


class AppointmentRescheduled(
    TimedAppointment, name="zone.incubator.appointment.rescheduled.v1", topic=RESERVATIONS, audience="owner"
):
    """An appointment has another time than before; the old one is free."""


class AppointmentCancelled(
    AppointmentEvent, name="zone.incubator.appointment.cancelled.v1", topic=RESERVATIONS, audience="owner"
):
    """An appointment will not take place; what it held is free."""

    reason: Growing[CancellationReason]


class AppointmentCompleted(
    AppointmentEvent, name="zone.incubator.appointment.completed.v1", topic=RESERVATIONS, audience="owner"
):
    """The consultation took place; on which day, and how long it lasted."""

    minutes: int
    held_on: Day | None = None
    """The day of the zone on which it began; null where that was not told yet."""


class AppointmentMissed(
    AppointmentEvent, name="zone.incubator.appointment.missed.v1", topic=RESERVATIONS, audience="owner"
):
    """The business did not come; what was left of the time is free."""


class ConsultationRated(
    AppointmentEvent, name="zone.incubator.consultation.rated.v1", topic=RESERVATIONS, audience="owner"
):
    """The business says how good a consultation was, from 1 to 5."""

    score: Score
