"""Attendance: who comes to what was reserved, who leaves, who does not come, and what time makes of it."""

from datetime import datetime, timedelta
from typing import Final

from services.chassis.domain.errors import Conflict
from services.chassis.domain.moves import invalid_transition
from services.contracts.incubator.reservations import ReservationCheckedIn, ReservationCompleted, ReservationNoShow
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import WAITING, ReservationStatus

EARLY: Final = timedelta(minutes=15)
"""So long before its start its holder can check in."""


def check_in(reservation: Reservation, *, at: datetime) -> None:
    """Its holder has come.

    Raises:
        Conflict: `invalid_transition`; `not_now`, nothing of it begins within a quarter of an hour or has begun.
    """
    waiting = [each for each in reservation.live if each.status is ReservationStatus.CONFIRMED]
    coming = [each for each in waiting if each.start - EARLY <= at < each.end]
    if waiting and not coming:
        raise Conflict("One can check in from 15 minutes before the start until the end.", code="not_now")
    for each in coming[:1]:
        each.checked_in_at = at
    reservation.advance(coming[:1], ReservationStatus.CHECKED_IN, at=at)
    reservation.tell(ReservationCheckedIn, at=at)


def check_out(reservation: Reservation, *, at: datetime) -> None:
    """Its holder has left; what is left of its time is free.

    Raises:
        Conflict: `invalid_transition`, nobody is checked in.
    """
    present = next((each for each in reservation.live if each.status is ReservationStatus.CHECKED_IN), None)
    if present is None:
        raise invalid_transition(reservation.status, reservation.allowed_actions)
    present.left_at = min(max(at, present.start), present.end)
    _complete(reservation, present, at)


def miss(reservation: Reservation, *, at: datetime) -> None:
    """Its holder has not come within the grace after the start; what is left of its time is free.

    Raises:
        Conflict: `invalid_transition`; `not_now`, the grace is not over.
    """
    waiting = [each for each in reservation.live if each.status is ReservationStatus.CONFIRMED]
    missed = [each for each in waiting if each.due_at <= at]
    if waiting and not missed:
        raise Conflict("Its holder can still come until 15 minutes after the start.", code="not_now")
    reservation.advance(missed[:1], ReservationStatus.NO_SHOW, at=at)
    reservation.tell(ReservationNoShow, missed[0].due_at)


def pass_time(reservation: Reservation, *, at: datetime) -> None:
    """What time does to it: a hold expires, who did not come is missed, and what is over is completed."""
    if reservation.status in WAITING:
        if reservation.is_overdue(at):
            reservation.expire(at=at)
        return
    for each in reservation.live:
        if each.due_at <= at and each.status is ReservationStatus.CHECKED_IN:
            _complete(reservation, each, at)
        elif each.due_at <= at:
            miss(reservation, at=at)


def _complete(reservation: Reservation, occurrence: Occurrence, at: datetime) -> None:
    began = max(occurrence.checked_in_at or occurrence.start, occurrence.start)
    left = occurrence.left_at or occurrence.end
    minutes = max((left - began) // timedelta(minutes=1), 0)
    reservation.advance([occurrence], ReservationStatus.COMPLETED, at=at)
    reservation.tell(ReservationCompleted, min(left, at), minutes=minutes)
