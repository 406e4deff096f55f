"""Appointments requested, moved and acted on, each with its slots, its place in the week and its charge: one commit."""

from collections.abc import Callable
from datetime import timedelta

from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import ReservationKind
from services.incubator.booking.appointments.consultation import Consultation
from services.incubator.booking.effects import NOTHING, keep, kept_by
from services.incubator.booking.occurrence import Occurrence
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import TO_COME, ReservationStatus
from services.incubator.consulting.appointments.appointment import (
    consultation_of,
    meeting_of,
    refuse_overdue,
    waits_until,
    walks_in,
)
from services.incubator.consulting.appointments.bodies import RequestAppointment, RescheduleAppointment
from services.incubator.consulting.appointments.charging import charge_of, is_due
from services.incubator.consulting.appointments.queries import Sides, fit_of, room_named
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.consulting.consultants.queries import calendar_of, consultant_named
from services.incubator.consulting.offerings.queries import offering_named
from services.incubator.finance.billing import add_lines
from services.incubator.kernel.interval import Interval
from services.incubator.tenants.queries import trading_tenant


async def request(asked: RequestAppointment, tx: Tx) -> Reservation:
    """Ask for an hour of a consultant, with both sides' time, in this unit of work; who walks in has it at once.

    Raises:
        Unprocessable, Conflict: `TRADING`, `OFFERED`, `FITTING`, `OF_A_ROOM`; `consultant_unknown`,
            `topic_not_offered`.
    """
    tenant = await trading_tenant(asked.business_id, tx)
    consultant = await consultant_named(asked.consultant_id, tx)
    offering = await offering_named(asked.offering_id, tx)
    if asked.topic not in offering.topics or asked.topic not in consultant.topics:
        refuse(Violation("topic_not_offered", "This offering of this consultant is not about it.", ("topic",)))
    calendar, room = await calendar_of(consultant, tx), await room_named(asked.room_id, consultant, tx)
    resources = [calendar] if room is None else [calendar, room]
    time = Interval(asked.start, asked.start + timedelta(minutes=offering.minutes))
    is_there = walks_in(asked.start, tx.caller, at=tx.now)
    units = await fit_of(Sides(consultant, resources, tenant.business_id, is_there=is_there), time, tx)
    status = ReservationStatus.CONFIRMED if is_there else ReservationStatus.REQUESTED
    meeting = Occurrence(number=1, start=time.start, end=time.end, status=status, price=offering.price)
    appointment = Reservation.make(
        at=tx.now,
        hold_expires_at=None if is_there else waits_until(tx.now, time.start),
        kind=ReservationKind.APPOINTMENT,
        site_id=consultant.site_id,
        time_zone=calendar.time_zone,
        business_id=tenant.business_id,
        business_kind=tenant.kind,
        sector=tenant.sector,
        partner_id=tenant.partner_id,
        booked_by=tx.caller.client_id,
        title=offering.title,
        attendees=1,
        units=units,
        cancel_minutes=max(each.terms.cancel_minutes for each in resources),
        occurrences=[meeting],
        consultation=Consultation(
            consultant_id=consultant.id,
            offering_id=offering.id,
            topic=asked.topic,
            mode=asked.mode,
            requested_at=tx.now,
            agenda=asked.agenda,
        ),
    )
    await keep(appointment, NOTHING, tx)
    return appointment


async def move(appointment: Reservation, asked: RescheduleAppointment, tx: Tx) -> None:
    """Move an appointment; until that is certain it keeps its time and its place in the week.

    Raises:
        Unprocessable, Conflict: `FITTING`; `invalid_transition`, `cancellation_window_passed`.
        Gone: `hold_expired`.
    """
    refuse_overdue(appointment, at=tx.now)
    said, meeting, before = consultation_of(appointment), meeting_of(appointment), kept_by(appointment)
    time = Interval(asked.start, asked.start + meeting.time.length)
    to = meeting.model_copy(update={"start": time.start, "end": time.end})
    units = appointment.units
    if appointment.status in TO_COME:
        consultant = await tx.get(Consultant, said.consultant_id)
        resources = [await tx.get(Resource, each.resource_id) for each in appointment.units]
        units = await fit_of(Sides(consultant, resources, appointment.business_id, mine=appointment), time, tx)
    if appointment.status is ReservationStatus.REQUESTED:
        appointment.hold_expires_at = waits_until(said.requested_at, time.start)
    appointment.reschedule(to, units, at=tx.now)
    await keep(appointment, before, tx)


async def act_on(appointment: Reservation, act: Callable[[Reservation], object], tx: Tx) -> Reservation:
    """Let something happen to an appointment; what it keeps follows, and what has ended is charged once.

    Raises:
        Conflict, Gone: what the act says.
    """
    before, was_due = kept_by(appointment), is_due(appointment)
    act(appointment)
    await keep(appointment, before, tx)
    if is_due(appointment) and not was_due:
        await add_lines(tx, appointment.business_id, [charge_of(appointment)])
    return appointment
