"""Bookings of rooms, desks and equipment, and memberships with minutes of them."""

from collections.abc import Iterator
from typing import Final

from services.chassis.domain.events import Event
from services.contracts.incubator.memberships import MembershipEnded, MembershipStarted
from services.contracts.incubator.reservations import (
    ReservationCompleted,
    ReservationConfirmed,
    ReservationEvent,
    ReservationKind,
    ReservationNoShow,
)
from services.metrics.catalogue.dimensions.places import BUSINESS_KIND, SITE
from services.metrics.catalogue.offices import Office
from services.metrics.figures.history import Change
from services.metrics.figures.kept import Flow, Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.periods import DAY
from services.metrics.figures.subject import DatedFacts, Subject, effective_day

USED, MISSED = "used:", "missed:"
"""Before the number of an event: minutes that were used, and that nobody came; a series has several in its life."""


def booked(event: Event) -> Iterator[DatedFacts]:
    """What became of a booking: confirmed, used for some minutes, or nobody came."""
    assert isinstance(event, ReservationEvent)
    on, number = effective_day(event), event.envelope.sequence
    yield on, {"site": event.site_id, "kind": str(event.business_kind)}
    match event:
        case ReservationConfirmed():
            yield on, {"confirmed": True}
        case ReservationCompleted():
            yield on, {f"{USED}{number}": event.minutes}
        case ReservationNoShow():
            yield on, {f"{MISSED}{number}": 1}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def member_of(event: Event) -> Iterator[DatedFacts]:
    """From which day on, and up to which, a business is a member."""
    match event:
        case MembershipStarted():
            yield event.starts_on.isoformat(), {"started": True, "member": True}
        case MembershipEnded():
            yield (event.ends_on + DAY).isoformat(), {"member": None}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def minutes_used(change: Change) -> int | None:
    """For how long it was used on a day, where it was."""
    minutes = [said for name, said in change.said.items() if name.startswith(USED)]
    return sum(minutes) if minutes else None


def due(change: Change) -> int | None:
    """How often it was used or missed on a day."""
    return sum(name.startswith((USED, MISSED)) for name in change.said) or None


def missed(change: Change) -> int | None:
    """How often nobody came, where somebody should have."""
    return None if due(change) is None else sum(name.startswith(MISSED) for name in change.said)


MEMBERSHIPS: Final = (MembershipStarted, MembershipEnded)
OUTCOMES: Final = (ReservationCompleted, ReservationNoShow)

CONFIRMED: Final = Flow(
    "bookings_confirmed",
    name=Name("Bookings confirmed", "确认预订数"),
    owner=Office.FACILITIES,
    of="confirmed",
    unit="bookings",
    formula="bookings by the day on which they were confirmed; a series is one",
    events=(ReservationConfirmed,),
)
MINUTES: Final = Flow(
    "booked_minutes_used",
    name=Name("Booked minutes used", "实际使用预订分钟数"),
    owner=Office.FACILITIES,
    of=minutes_used,
    unit="minutes",
    formula="minutes for which bookings were used, by the day on which they were over",
    events=(ReservationCompleted,),
)
NO_SHOWS: Final = Ratio(
    "booking_no_show_rate",
    name=Name("Share of bookings to which nobody came", "预订爽约率"),
    owner=Office.FACILITIES,
    numerator=missed,
    denominator=due,
    timing="flow",
    unit=RATIO,
    formula="bookings to which nobody came / those and the ones that were used, by the day on which it was certain",
    events=OUTCOMES,
)
MEMBERSHIPS_ACTIVE: Final = Stock(
    "memberships_active",
    name=Name("Active memberships", "有效会员数"),
    owner=Office.FACILITIES,
    of="member",
    unit="memberships",
    formula="memberships from their first day to their last",
    events=MEMBERSHIPS,
)

BOOKING: Final = Subject(
    "booking",
    heard_of=("rsv",),
    events=(ReservationConfirmed, *OUTCOMES),
    id_of=lambda event: event.reservation_id if event.kind == ReservationKind.BOOKING else None,
    facts=booked,
    known_by="site",
    dimensions=(SITE, BUSINESS_KIND),
    kpis=(CONFIRMED, MINUTES, NO_SHOWS),
)
"""A booking, or a series of them; what is reserved for something else is none."""

MEMBERSHIP: Final = Subject(
    "membership",
    heard_of=("mbs",),
    events=MEMBERSHIPS,
    id_of=lambda event: event.membership_id,
    facts=member_of,
    known_by="started",
    dimensions=(),
    kpis=(MEMBERSHIPS_ACTIVE,),
)
"""A membership."""

SUBJECTS: Final = (BOOKING, MEMBERSHIP)
