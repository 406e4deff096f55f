"""What the document of the API shows of appointments: one of a synthetic business."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.appointments import AppointmentMode
from services.contracts.incubator.reservations import ReservationKind
from services.incubator.booking.appointments.consultation import Consultation
from services.incubator.booking.occurrence import Occurrence, ReservedUnit
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.status import ReservationStatus
from services.incubator.booking.views import FreeTime
from services.incubator.consulting.appointments.bodies import (
    CompleteAppointment,
    ConfirmAppointment,
    GiveFeedback,
    RequestAppointment,
    RescheduleAppointment,
)
from services.incubator.consulting.appointments.views import AppointmentView, ConsultantSlots
from services.incubator.consulting.consultants.examples import CALENDAR, CONSULTANT
from services.incubator.consulting.offerings.examples import OFFERING
from services.incubator.sites.examples import SITE
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

START: Final = parse_instant("2026-12-03T02:00:00Z")
END: Final = START + timedelta(hours=1)
REQUESTED_AT: Final = parse_instant("2026-11-30T02:00:00Z")

APPOINTMENT: Final = Reservation(
    id="rsv_0195f3a4b5c67d8e9f00112233445577",
    version=1,
    sequence=1,
    kind=ReservationKind.APPOINTMENT,
    site_id=SITE.id,
    time_zone=SITE.time_zone,
    business_id=BUSINESS,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    partner_id=OWNER,
    booked_by="cli_0195f3a4b5c67d8e9f00112233445566",
    title=OFFERING.title,
    attendees=1,
    units=[ReservedUnit(resource_id=CALENDAR.id, unit=0, buffer_before=0, buffer_after=0)],
    occurrences=[Occurrence(number=1, start=START, end=END, status=ReservationStatus.REQUESTED, price=OFFERING.price)],
    status=ReservationStatus.REQUESTED,
    hold_expires_at=REQUESTED_AT + timedelta(hours=48),
    cancel_minutes=1440,
    consultation=Consultation(
        consultant_id=CONSULTANT.id,
        offering_id=OFFERING.id,
        topic="tax",
        mode=AppointmentMode.ONLINE,
        requested_at=REQUESTED_AT,
        agenda="小规模纳税人如何开票？",
    ),
    changed_at=REQUESTED_AT,
)

KEPT: Final[Sequence[Row]] = (APPOINTMENT,)
BODIES: Final[Sequence[BaseModel]] = (
    RequestAppointment(
        business_id=BUSINESS,
        consultant_id=CONSULTANT.id,
        offering_id=OFFERING.id,
        topic="tax",
        start=START,
        mode=AppointmentMode.ONLINE,
        agenda="小规模纳税人如何开票？",
    ),
    RescheduleAppointment(start=START + timedelta(days=1)),
    ConfirmAppointment(join_url="https://meet.example/1"),
    CompleteAppointment(notes="已说明开票流程。"),
    GiveFeedback(score=5, comment="讲得很清楚。"),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    AppointmentView.of(APPOINTMENT),
    ConsultantSlots(consultant_id=CONSULTANT.id, offering_id=OFFERING.id, data=[FreeTime(start=START, end=END)]),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
