"""How far a reservation can come: its status, and the moves."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class ReservationStatus(StrEnum):
    """How far a reservation has come."""

    HELD = "held"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = ReservationStatus

MOVES: Final[Mapping[ReservationStatus, frozenset[ReservationStatus]]] = {
    S.HELD: frozenset({S.CONFIRMED, S.CANCELLED, S.EXPIRED}),
    S.CONFIRMED: frozenset({S.CHECKED_IN, S.CANCELLED, S.NO_SHOW}),
    S.CHECKED_IN: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.NO_SHOW: frozenset(),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset(),
}

LIVE: Final = (S.HELD, S.CONFIRMED, S.CHECKED_IN)
"""It is still to take place, or takes place now."""
ENDED: Final = (S.COMPLETED, S.NO_SHOW)
"""It took place, or its holder missed it: it is paid."""
UNPAID: Final = (S.CANCELLED, S.EXPIRED)
"""What came to such an end costs nothing."""

ACTIONS: Final[Mapping[ReservationStatus, list[str]]] = {
    S.HELD: ["confirm", "cancel", "reschedule"],
    S.CONFIRMED: ["cancel", "reschedule", "check_in", "no_show"],
    S.CHECKED_IN: ["check_out"],
}
"""What can be done to it by its status; whether it is the time for it is judged as it is done."""


def overall(statuses: Iterable[ReservationStatus]) -> ReservationStatus:
    """The status of a reservation by those of its occurrences: of what is to come the least advanced, else the best."""
    found = set(statuses)
    return next(status for status in RANKED if status in found)


RANKED: Final = (*LIVE, S.COMPLETED, S.NO_SHOW, S.CANCELLED, S.EXPIRED)
