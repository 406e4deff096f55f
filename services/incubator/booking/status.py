"""How far a reservation can come: its status, and the moves."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from services.contracts.incubator.reservations import ReservationKind


class ReservationStatus(StrEnum):
    """How far a reservation has come."""

    HELD = "held"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


S = ReservationStatus

MOVES: Final[Mapping[ReservationStatus, frozenset[ReservationStatus]]] = {
    S.HELD: frozenset({S.CONFIRMED, S.CANCELLED, S.EXPIRED}),
    S.REQUESTED: frozenset({S.CONFIRMED, S.DECLINED, S.CANCELLED, S.EXPIRED}),
    S.CONFIRMED: frozenset({S.CHECKED_IN, S.COMPLETED, S.CANCELLED, S.NO_SHOW}),
    S.CHECKED_IN: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.NO_SHOW: frozenset(),
    S.CANCELLED: frozenset(),
    S.DECLINED: frozenset(),
    S.EXPIRED: frozenset(),
}

TO_COME: Final = (S.HELD, S.REQUESTED, S.CONFIRMED)
"""Nobody has come to it yet: it can be moved or given back."""
WAITING: Final = (S.HELD, S.REQUESTED)
"""Its slots are kept until a moment, at which it ends by itself."""
LIVE: Final = (*TO_COME, S.CHECKED_IN)
"""It is still to take place, or takes place now."""
ENDED: Final = (S.COMPLETED, S.NO_SHOW)
"""It took place, or its holder missed it: it is paid."""
UNPAID: Final = (S.CANCELLED, S.DECLINED, S.EXPIRED)
"""What came to such an end costs nothing."""

OF_BOOKINGS: Final[Mapping[ReservationStatus, list[str]]] = {
    S.HELD: ["confirm", "cancel", "reschedule"],
    S.CONFIRMED: ["cancel", "reschedule", "check_in", "no_show"],
    S.CHECKED_IN: ["check_out"],
}
OF_APPOINTMENTS: Final[Mapping[ReservationStatus, list[str]]] = {
    S.REQUESTED: ["confirm", "decline", "cancel", "reschedule"],
    S.CONFIRMED: ["cancel", "reschedule", "complete", "no_show", "feedback"],
    S.COMPLETED: ["feedback"],
}
ACTIONS: Final = dict.fromkeys(ReservationKind, OF_BOOKINGS) | {ReservationKind.APPOINTMENT: OF_APPOINTMENTS}
"""What can be done to it by its kind and its status; whether it is the time for it is judged as it is done."""


def overall(statuses: Iterable[ReservationStatus]) -> ReservationStatus:
    """The status of a reservation by those of its occurrences: of what is to come the least advanced, else the best."""
    found = set(statuses)
    return next(status for status in RANKED if status in found)


RANKED: Final = (*LIVE, S.COMPLETED, S.NO_SHOW, S.CANCELLED, S.DECLINED, S.EXPIRED)
