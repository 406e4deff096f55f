"""Reservations over HTTP: preview, hold, confirm, move, cancel, come and leave."""

from datetime import timedelta
from functools import partial
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.answers.answer import Calendar
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.incubator.reservations import CancellationReason
from services.incubator.booking import attendance
from services.incubator.booking.queries import ResourceRef, reservations_of
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.views import ResourceView
from services.incubator.callers import Member, Reader, Staff
from services.incubator.kernel.interval import Interval
from services.incubator.space.bodies import AskForReservation, ChangeReservation, Reschedule, Reserve
from services.incubator.space.calendar_file import calendar_of
from services.incubator.space.effects import act_on, expect, extend, move, reserve
from services.incubator.space.queries import (
    FITTING,
    Number,
    Only,
    ReservationFilter,
    ReservationRef,
    Since,
    Skipped,
    asked_fit,
    booking_named,
    meant,
)
from services.incubator.space.views import MadeReservationView, Preview, ReservationView, SkippedOccurrence
from services.incubator.tenants.queries import TRADING, trading_tenant


def skipped_view(skipped: Skipped) -> SkippedOccurrence:
    start, end = skipped.time or (None, None)
    return SkippedOccurrence(number=skipped.number, start=start, end=end, code=skipped.code)


router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/reservations/preview")
@refuses(*TRADING, *FITTING)
async def preview_reservation(body: AskForReservation, member: Member, tx: InTx) -> Preview:
    """What a reservation would cost, or why it cannot be made; nothing is kept of it."""
    await trading_tenant(body.business_id, tx)
    fit = await asked_fit(body, tx)
    skipped = [skipped_view(each) for each in fit.skipped]
    return Preview(price=fit.price, credits_minutes=fit.credits_minutes, skipped=skipped)


@router.post("/reservations", status_code=201)
@refuses(*TRADING, *FITTING, "price_changed", "too_many_holds")
async def make_reservation(body: Reserve, member: Member, tx: InTx) -> MadeReservationView:
    """Reserve a unit of each resource, all or none; at once, or held for some minutes and confirmed then."""
    reservation, skipped = await reserve(body, tx)
    return MadeReservationView.without(reservation, [skipped_view(each) for each in skipped])


@router.get("/reservations")
async def list_reservations(
    asked: Annotated[ReservationFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ReservationView]:
    """The reservations that the caller may see, oldest first."""
    return await page.of(tx, Reservation, asked.where(), ReservationView.of)


@router.get("/reservations/{reservation_id}")
async def see_reservation(reservation_id: ReservationRef, reader: Reader, tx: InTx) -> ReservationView:
    """One reservation."""
    return ReservationView.of(await booking_named(reservation_id, tx))


@router.post("/reservations/{reservation_id}/confirm")
@refuses(*TRADING, "hold_expired", "invalid_transition")
async def confirm_reservation(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Take what is held."""
    reservation = await booking_named(reservation_id, tx)
    await trading_tenant(reservation.business_id, tx)
    await act_on(reservation, partial(Reservation.confirm, at=tx.now), tx)
    return ReservationView.of(reservation)


@router.patch("/reservations/{reservation_id}")
@refuses(*TRADING, *FITTING, "another_rule", "invalid_transition", "cancellation_window_passed")
async def change_reservation(
    reservation_id: ReservationRef, body: ChangeReservation, member: Member, tx: InTx
) -> ReservationView:
    """Say something else of it, or give its series another end."""
    reservation = await booking_named(reservation_id, tx)
    reservation.title = body.title or reservation.title
    if body.attendees is not None:
        await expect(reservation, body.attendees, tx)
    tx.save(reservation)
    if body.recurrence is not None:
        await trading_tenant(reservation.business_id, tx)
        await extend(reservation, body.recurrence, tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/reschedule")
@refuses(*TRADING, *FITTING, "price_changed", "invalid_transition", "cancellation_window_passed")
async def reschedule_reservation(
    reservation_id: ReservationRef, body: Reschedule, member: Member, tx: InTx, number: Number = 1
) -> ReservationView:
    """Move it, or one of its series, to another time; where that is not free it keeps the one that it has."""
    reservation = await booking_named(reservation_id, tx)
    await trading_tenant(reservation.business_id, tx)
    return ReservationView.of(await move(reservation, number, body, tx))


@router.post("/reservations/{reservation_id}/cancel")
@refuses("invalid_transition", "cancellation_window_passed")
async def cancel_reservation(
    reservation_id: ReservationRef,
    member: Member,
    tx: InTx,
    body: Nothing | None = None,
    number: Only = None,
    first: Since = None,
) -> ReservationView:
    """Give it back, one of its series (`number`) or all from one on (`from`); staff at any time before it begins."""
    reservation = await booking_named(reservation_id, tx)
    reason = CancellationReason.BY_STAFF if member.is_official else CancellationReason.BY_HOLDER
    await act_on(reservation, lambda each: each.cancel(meant(number, first), at=tx.now, reason=reason), tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/check-in")
@refuses("invalid_transition", "not_now")
async def check_in(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Say that its holder has come."""
    reservation = await booking_named(reservation_id, tx)
    await act_on(reservation, partial(attendance.check_in, at=tx.now), tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/check-out")
@refuses("invalid_transition")
async def check_out(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Say that its holder has left; what is left of its time is free."""
    reservation = await booking_named(reservation_id, tx)
    await act_on(reservation, partial(attendance.check_out, at=tx.now), tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/no-show")
@refuses("invalid_transition", "not_now")
async def record_no_show(
    reservation_id: ReservationRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Say that its holder did not come, 15 minutes after its start or later; what is left of its time is free."""
    reservation = await booking_named(reservation_id, tx)
    await act_on(reservation, partial(attendance.miss, at=tx.now), tx)
    return ReservationView.of(reservation)


class ReservationCalendar(Calendar):
    """The entry of a reservation in a calendar."""

    view: ClassVar = ReservationView


class ResourceCalendar(Calendar):
    """What is reserved of a resource, as a calendar."""

    view: ClassVar = ResourceView


@router.get("/reservations/{reservation_id}/calendar.ics")
async def see_reservation_calendar(reservation_id: ReservationRef, reader: Reader, tx: InTx) -> ReservationCalendar:
    """A reservation as a calendar that a program subscribes to (RFC 5545); a change keeps its UID."""
    reservation = await booking_named(reservation_id, tx)
    text = calendar_of([reservation], lambda each: each.title)
    return ReservationCalendar(text, shows=ReservationView.of(reservation))


@router.get("/resources/{resource_id}/calendar.ics")
@refuses("window_too_large")
async def see_resource_calendar(resource_id: ResourceRef, reader: Reader, tx: InTx) -> ResourceCalendar:
    """What is reserved of a resource from a month ago to a quarter ahead; what others have is called busy."""
    resource = await tx.visible(Resource, resource_id)
    window = Interval(tx.now - timedelta(days=31), tx.now + timedelta(days=92))
    found = await reservations_of(resource, window, tx)
    text = calendar_of(found, lambda each: each.title if Reservation.shown_to.opens(each, reader) else "busy")
    return ResourceCalendar(text, shows=ResourceView.of(resource))
