"""What the document of the API shows of reservations: one of a synthetic business, for an afternoon."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.money import Money
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.reservations import ReservationKind
from services.incubator.booking.examples import ROOM
from services.incubator.booking.occurrence import Occurrence, ReservedUnit
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import ReservationStatus
from services.incubator.sites.examples import SITE
from services.incubator.space.bodies import AskForReservation, ChangeReservation, Reschedule, Reserve
from services.incubator.space.calendar_file import calendar_of
from services.incubator.space.views import MadeReservationView, Preview, ReservationView
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

PRICE: Final = Money(amount=16000, currency="CNY")
START, END = parse_instant("2026-12-02T06:00:00Z"), parse_instant("2026-12-02T08:00:00Z")

RESERVATION: Final = Reservation(
    id="rsv_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    kind=ReservationKind.BOOKING,
    site_id=SITE.id,
    time_zone=SITE.time_zone,
    business_id=BUSINESS,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    partner_id=OWNER,
    booked_by="cli_0195f3a4b5c67d8e9f00112233445566",
    title="产品评审",
    attendees=6,
    units=[ReservedUnit(resource_id=ROOM.id, unit=0, buffer_before=0, buffer_after=15)],
    occurrences=[Occurrence(number=1, start=START, end=END, status=ReservationStatus.CONFIRMED, price=PRICE)],
    status=ReservationStatus.CONFIRMED,
    cancel_minutes=120,
    changed_at=parse_instant("2026-11-25T02:00:00Z"),
)
ASKED: Final = AskForReservation(
    business_id=BUSINESS,
    resource_ids=[ROOM.id],
    start=START,
    end=END,
    title=RESERVATION.title,
    attendees=RESERVATION.attendees,
)

KEPT: Final[Sequence[Row]] = (TENANT, RESERVATION)
BODIES: Final[Sequence[BaseModel]] = (
    ASKED,
    ChangeReservation(title="产品评审（二）"),
    Reserve(**dict(ASKED), expected_price=PRICE),
    Reschedule(start=parse_instant("2026-12-03T06:00:00Z"), end=parse_instant("2026-12-03T08:00:00Z")),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    ReservationView.of(RESERVATION),
    MadeReservationView.without(RESERVATION, []),
    Preview(price=PRICE, credits_minutes=0, skipped=[]),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {
    "see_reservation_calendar": calendar_of([RESERVATION], lambda each: each.title),
    "see_resource_calendar": calendar_of([RESERVATION], lambda _: "busy"),
}
