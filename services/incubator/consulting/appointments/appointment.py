"""An appointment: a reservation of a consultant, and of a room where there is one, that the business attends itself.

It is requested, which keeps both sides' time, and confirmed or declined; what nobody answers ends by itself. A business
that walks in is entered by staff, and confirmed with that.
"""

from datetime import datetime, timedelta
from typing import Final

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Gone
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.times import zone_date
from services.contracts.incubator.appointments import AppointmentDeclined, AppointmentErased, ConsultationRated
from services.contracts.incubator.reservations import ReservationCompleted
from services.incubator.booking.appointments.consultation import Consultation, Feedback
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import LIVE, ReservationStatus
from services.incubator.kernel.calendar import SLOT

ANSWERED_WITHIN: Final = timedelta(hours=48)
"""So long a request waits for an answer, and never beyond its start."""

S = ReservationStatus


def consultation_of(appointment: Reservation) -> Consultation:
    """What an appointment is for. Raises LookupError of a booking."""
    if appointment.consultation is None:
        raise LookupError(f"{appointment.id} is no appointment")
    return appointment.consultation


def meeting_of(appointment: Reservation) -> Occurrence:
    """Its one occurrence."""
    return appointment.occurrences[0]


def waits_until(requested_at: datetime, start: datetime) -> datetime:
    """The moment at which a request ends that nobody answered."""
    return min(requested_at + ANSWERED_WITHIN, start)


def walks_in(start: datetime, caller: Caller, *, at: datetime) -> bool:
    """Whether staff enters a business that is there already: it begins with the quarter of an hour that runs."""
    return caller.is_official and start <= at < start + SLOT


def refuse_overdue(appointment: Reservation, *, at: datetime) -> None:
    """Raises Gone (`hold_expired`) where nobody answered in time, noted yet or not."""
    if appointment.status is S.EXPIRED or (appointment.status is S.REQUESTED and appointment.is_overdue(at)):
        raise Gone("Nobody answered in time, and what was kept may be taken.", code="hold_expired")


def confirm(appointment: Reservation, *, at: datetime, join_url: str | None, notes: str | None) -> None:
    """The consultant will be there.

    Raises:
        Gone: `hold_expired`.
        Conflict: `invalid_transition`.
    """
    if appointment.status not in (S.REQUESTED, S.EXPIRED):
        raise invalid_transition(appointment.status, appointment.allowed_actions)
    said = consultation_of(appointment)
    said.join_url, said.notes = join_url, notes
    appointment.confirm(at=at)


def decline(appointment: Reservation, *, at: datetime) -> None:
    """The consultant will not be there.

    Raises:
        Gone: `hold_expired`.
        Conflict: `invalid_transition`.
    """
    refuse_overdue(appointment, at=at)
    appointment.advance(appointment.live, S.DECLINED, at=at)
    appointment.tell(AppointmentDeclined)


def complete(appointment: Reservation, *, at: datetime, notes: str | None) -> None:
    """It took place; what is left of its time is free.

    Raises:
        Conflict: `invalid_transition`; `not_now`, it has not begun.
    """
    meeting, said = meeting_of(appointment), consultation_of(appointment)
    if appointment.status is S.CONFIRMED and at < meeting.start:
        raise Conflict("It is completed once it has begun.", code="not_now")
    meeting.left_at = min(at, meeting.end)
    appointment.advance(appointment.live, S.COMPLETED, at=at)
    said.notes = said.notes if notes is None else notes
    minutes = (meeting.left_at - meeting.start) // timedelta(minutes=1)
    appointment.tell(ReservationCompleted, minutes=minutes, held_on=zone_date(meeting.start))


def rate(appointment: Reservation, feedback: Feedback, *, at: datetime) -> None:
    """Its business says how good it was, once.

    Raises:
        Conflict: `invalid_transition`; `not_now`, it is not over; `feedback_given`.
    """
    meeting, said = meeting_of(appointment), consultation_of(appointment)
    if appointment.status not in (S.CONFIRMED, S.COMPLETED):
        raise invalid_transition(appointment.status, appointment.allowed_actions)
    if at < (meeting.left_at or meeting.end):
        raise Conflict("Feedback is given once it is over.", code="not_now")
    if said.feedback is not None:
        raise Conflict("Feedback was given, and is given once.", code="feedback_given")
    said.feedback = feedback
    appointment.tell(ConsultationRated, score=feedback.score)


def refuse_rated(appointment: Reservation) -> None:
    """Raises Conflict (`feedback_given`): who says how good it was has not missed it, and it was not given back."""
    if consultation_of(appointment).feedback is not None:
        raise Conflict("Its business was there, and gave feedback.", code="feedback_given")


def erase(appointment: Reservation, *, at: datetime) -> None:
    """Forget what people wrote of it: agenda, address, notes and comment; the score stays.

    Raises:
        Conflict: `invalid_transition`, it is still to come.
    """
    if appointment.status in LIVE:
        raise invalid_transition(appointment.status, appointment.allowed_actions)
    said = consultation_of(appointment)
    said.agenda = said.join_url = said.notes = None
    said.feedback = said.feedback and Feedback(score=said.feedback.score, comment=None)
    said.erased_at = at
    appointment.tell(AppointmentErased)
