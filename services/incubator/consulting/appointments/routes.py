"""Appointments over HTTP: free times, request, answer, move, cancel, hold, rate and erase."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.incubator.reservations import CancellationReason
from services.incubator.booking import attendance
from services.incubator.booking.appointments.consultation import Feedback
from services.incubator.booking.queries import From, Until, window_of
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.views import FreeTime
from services.incubator.callers import Member, Reader, Staff
from services.incubator.consulting.appointments import appointment as acts
from services.incubator.consulting.appointments import effects
from services.incubator.consulting.appointments.bodies import (
    CompleteAppointment,
    ConfirmAppointment,
    GiveFeedback,
    RequestAppointment,
    RescheduleAppointment,
)
from services.incubator.consulting.appointments.queries import (
    FITTING,
    OF_A_ROOM,
    AppointmentFilter,
    AppointmentRef,
    BusinessAsked,
    OfferingAsked,
    appointment_named,
    on_the_business_side,
    slots_of,
)
from services.incubator.consulting.appointments.views import AppointmentView, ConsultantSlots
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.consulting.consultants.queries import ConsultantRef
from services.incubator.consulting.offerings.queries import OFFERED
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.get("/consultants/{consultant_id}/slots")
@refuses("empty_interval", "window_too_large", "offering_unknown", "topic_not_offered", "business_unknown_yet")
async def list_slots(
    consultant_id: ConsultantRef,
    offering: OfferingAsked,
    reader: Reader,
    tx: InTx,
    start: From = None,
    end: Until = None,
    business_id: BusinessAsked = None,
) -> ConsultantSlots:
    """Every time within a window at which a consultation can be asked for now, and no other."""
    consultant = await tx.visible(Consultant, consultant_id)
    free = await slots_of(consultant, offering, window_of(start, end, tx.now), business_id, tx)
    data = [FreeTime.of(each) for each in free]
    return ConsultantSlots(consultant_id=consultant.id, offering_id=offering, data=data)


@router.post("/appointments", status_code=201)
@refuses(*TRADING, *OFFERED, *FITTING, *OF_A_ROOM, "consultant_unknown", "topic_not_offered")
async def request_appointment(body: RequestAppointment, member: Member, tx: InTx) -> AppointmentView:
    """Ask for an hour of a consultant, kept for 48 hours until it is answered; staff enters who walks in, at once.

    What staff enters that begins with the quarter of an hour that runs is confirmed: the business is there, and neither
    that it has begun nor how early one must ask is held against it.
    """
    return AppointmentView.of(await effects.request(body, tx))


@router.get("/appointments")
async def list_appointments(
    asked: Annotated[AppointmentFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[AppointmentView]:
    """The appointments that the caller may see, oldest first."""
    return await page.of(tx, Reservation, asked.where(), AppointmentView.of)


@router.get("/appointments/{appointment_id}")
async def see_appointment(appointment_id: AppointmentRef, reader: Reader, tx: InTx) -> AppointmentView:
    """One appointment."""
    return AppointmentView.of(await appointment_named(appointment_id, tx))


@router.post("/appointments/{appointment_id}/confirm")
@refuses(*TRADING, "hold_expired", "invalid_transition")
async def confirm_appointment(
    appointment_id: AppointmentRef, staff: Staff, tx: InTx, body: ConfirmAppointment | None = None
) -> AppointmentView:
    """Say that the consultant will be there."""
    appointment, said = await appointment_named(appointment_id, tx), body or ConfirmAppointment()
    await trading_tenant(appointment.business_id, tx)
    act = partial(acts.confirm, at=tx.now, join_url=said.join_url, notes=said.notes)
    return AppointmentView.of(await effects.act_on(appointment, act, tx))


@router.post("/appointments/{appointment_id}/decline")
@refuses("hold_expired", "invalid_transition")
async def decline_appointment(
    appointment_id: AppointmentRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> AppointmentView:
    """Say that the consultant will not be there; what was kept is free."""
    appointment = await appointment_named(appointment_id, tx)
    return AppointmentView.of(await effects.act_on(appointment, partial(acts.decline, at=tx.now), tx))


@router.post("/appointments/{appointment_id}/reschedule")
@refuses(*TRADING, *FITTING, "hold_expired", "invalid_transition", "cancellation_window_passed")
async def reschedule_appointment(
    appointment_id: AppointmentRef, body: RescheduleAppointment, member: Member, tx: InTx
) -> AppointmentView:
    """Move it to another time; where that is not free it keeps the one that it has."""
    appointment = await appointment_named(appointment_id, tx)
    await trading_tenant(appointment.business_id, tx)
    await effects.move(appointment, body, tx)
    return AppointmentView.of(appointment)


@router.post("/appointments/{appointment_id}/cancel")
@refuses("invalid_transition", "cancellation_window_passed", "feedback_given")
async def cancel_appointment(
    appointment_id: AppointmentRef, member: Member, tx: InTx, body: Nothing | None = None
) -> AppointmentView:
    """Give it back; staff at any time before it was held."""
    appointment = await appointment_named(appointment_id, tx)
    acts.refuse_rated(appointment)
    reason = CancellationReason.BY_STAFF if member.is_official else CancellationReason.BY_HOLDER
    return AppointmentView.of(
        await effects.act_on(appointment, lambda each: each.cancel(lambda _: True, at=tx.now, reason=reason), tx)
    )


@router.post("/appointments/{appointment_id}/complete")
@refuses("invalid_transition", "not_now")
async def complete_appointment(
    appointment_id: AppointmentRef, staff: Staff, tx: InTx, body: CompleteAppointment | None = None
) -> AppointmentView:
    """Say that it took place, once it has begun; what is left of its time is free, and it is charged."""
    appointment = await appointment_named(appointment_id, tx)
    act = partial(acts.complete, at=tx.now, notes=body.notes if body else None)
    return AppointmentView.of(await effects.act_on(appointment, act, tx))


@router.post("/appointments/{appointment_id}/no-show")
@refuses("invalid_transition", "not_now", "feedback_given")
async def record_missed_appointment(
    appointment_id: AppointmentRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> AppointmentView:
    """Say that the business did not come, 15 minutes after the start or later; it is charged all the same."""
    appointment = await appointment_named(appointment_id, tx)
    acts.refuse_rated(appointment)
    return AppointmentView.of(await effects.act_on(appointment, partial(attendance.miss, at=tx.now), tx))


@router.post("/appointments/{appointment_id}/feedback")
@refuses("invalid_transition", "not_now", "feedback_given", "other_side")
async def give_feedback(
    appointment_id: AppointmentRef, body: GiveFeedback, member: Member, tx: InTx
) -> AppointmentView:
    """Say how good it was, as the business that was there, once it is over, and once."""
    appointment = await on_the_business_side(appointment_id, tx)
    act = partial(acts.rate, feedback=Feedback(score=body.score, comment=body.comment), at=tx.now)
    return AppointmentView.of(await effects.act_on(appointment, act, tx))


@router.post("/appointments/{appointment_id}/erase")
@refuses("invalid_transition")
async def erase_appointment(
    appointment_id: AppointmentRef, member: Member, tx: InTx, body: Nothing | None = None
) -> AppointmentView:
    """Forget what people wrote of one that is over: agenda, address, notes and comment; the score stays."""
    appointment = await appointment_named(appointment_id, tx)
    return AppointmentView.of(await effects.act_on(appointment, partial(acts.erase, at=tx.now), tx))
