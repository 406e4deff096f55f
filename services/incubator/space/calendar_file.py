"""A calendar that subscribers can trust (RFC 5545): one entry an occurrence, for as long as it is known by one UID.

Times are written in UTC, so that no time zone need be described. An entry says when its reservation last changed
(DTSTAMP) and how often (SEQUENCE), not when it was asked for: what has not changed is the same text.
"""

from collections.abc import Callable, Sequence
from typing import Final

from icalendar import Calendar, Event

from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import ReservationStatus

PRODUCT: Final = "-//Cloud Economy Zone//Incubator//EN"
STATUSES: Final = {
    ReservationStatus.HELD: "TENTATIVE",
    ReservationStatus.REQUESTED: "TENTATIVE",
    ReservationStatus.CANCELLED: "CANCELLED",
    ReservationStatus.DECLINED: "CANCELLED",
    ReservationStatus.EXPIRED: "CANCELLED",
}
"""What is none of these is CONFIRMED (§3.8.1.11)."""


def calendar_of(reservations: Sequence[Reservation], title: Callable[[Reservation], str]) -> str:
    """The calendar of these reservations, in their order.

    Args:
        title: what an entry is called; what others have booked is not called by its name.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for reservation in reservations:
        for occurrence in reservation.occurrences:
            event = Event()
            event.add("uid", f"{reservation.id}-{occurrence.number}")
            event.add("sequence", reservation.changes)
            event.add("dtstamp", reservation.changed_at)
            event.add("dtstart", occurrence.start)
            event.add("dtend", occurrence.end)
            event.add("summary", title(reservation))
            event.add("status", STATUSES.get(occurrence.status, "CONFIRMED"))
            calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text
