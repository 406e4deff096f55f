"""Reservations over HTTP: preview, hold, confirm, move, cancel, come and leave."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.incubator.reservations import CancellationReason
from services.incubator.booking import attendance
from services.incubator.booking.effects import claims_of, keep_slots
from services.incubator.booking.queries import resources_named
from services.incubator.booking.reservation import Reservation
from services.incubator.callers import Member, Reader, Staff
from services.incubator.kernel.interval import Interval
from services.incubator.space.bodies import AskForReservation, Reschedule, Reserve
from services.incubator.space.effects import FITTING, asked_fit, fit_of, refuse_other_price, reserve
from services.incubator.space.queries import ReservationFilter, ReservationRef
from services.incubator.space.views import Preview, ReservationView
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/reservations/preview")
@refuses(*TRADING, *FITTING)
async def preview_reservation(body: AskForReservation, member: Member, tx: InTx) -> Preview:
    """What a reservation would cost, or why it cannot be made; nothing is kept of it."""
    await trading_tenant(body.business_id, tx)
    fit = await asked_fit(body, tx)
    return Preview(price=fit.price, credits_minutes=0)


@router.post("/reservations", status_code=201)
@refuses(*TRADING, *FITTING, "price_changed", "too_many_holds")
async def make_reservation(body: Reserve, member: Member, tx: InTx) -> ReservationView:
    """Reserve a unit of each resource, all or none; at once, or held for some minutes and confirmed then."""
    return ReservationView.of(await reserve(body, tx))


@router.get("/reservations")
async def list_reservations(
    asked: Annotated[ReservationFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ReservationView]:
    """The reservations that the caller may see, oldest first."""
    return await page.of(tx, Reservation, asked.where(), ReservationView.of)


@router.get("/reservations/{reservation_id}")
async def see_reservation(reservation_id: ReservationRef, reader: Reader, tx: InTx) -> ReservationView:
    """One reservation."""
    return ReservationView.of(await tx.visible(Reservation, reservation_id))


@router.post("/reservations/{reservation_id}/confirm")
@refuses(*TRADING, "hold_expired", "invalid_transition")
async def confirm_reservation(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Take what is held."""
    reservation = await tx.visible(Reservation, reservation_id)
    await trading_tenant(reservation.business_id, tx)
    before = claims_of(reservation)
    reservation.confirm(at=tx.now)
    keep_slots(reservation, before, tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/reschedule")
@refuses(*TRADING, *FITTING, "price_changed", "invalid_transition", "cancellation_window_passed")
async def reschedule_reservation(
    reservation_id: ReservationRef, body: Reschedule, member: Member, tx: InTx
) -> ReservationView:
    """Move it to another time; where that is not free it keeps the one that it has."""
    reservation = await tx.visible(Reservation, reservation_id)
    await trading_tenant(reservation.business_id, tx)
    resources = await resources_named([each.resource_id for each in reservation.units], tx)
    before, time = claims_of(reservation), Interval(body.start, body.end)
    fit = await fit_of(resources, time, reservation.attendees, tx, mine=reservation)
    refuse_other_price(body.expected_price, fit.price)
    reservation.reschedule(1, time, fit.units, fit.price, at=tx.now)
    keep_slots(reservation, before, tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/cancel")
@refuses("invalid_transition", "cancellation_window_passed")
async def cancel_reservation(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Give it back; its holder does so in time, staff at any time before it begins."""
    reservation = await tx.visible(Reservation, reservation_id)
    before = claims_of(reservation)
    reason = CancellationReason.BY_STAFF if member.is_official else CancellationReason.BY_HOLDER
    reservation.cancel(lambda _: True, at=tx.now, reason=reason)
    keep_slots(reservation, before, tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/check-in")
@refuses("invalid_transition", "not_now")
async def check_in(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Say that its holder has come."""
    reservation = await tx.visible(Reservation, reservation_id)
    before = claims_of(reservation)
    attendance.check_in(reservation, at=tx.now)
    keep_slots(reservation, before, tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/check-out")
@refuses("invalid_transition")
async def check_out(
    reservation_id: ReservationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Say that its holder has left; what is left of its time is free."""
    reservation = await tx.visible(Reservation, reservation_id)
    before = claims_of(reservation)
    attendance.check_out(reservation, at=tx.now)
    keep_slots(reservation, before, tx)
    return ReservationView.of(reservation)


@router.post("/reservations/{reservation_id}/no-show")
@refuses("invalid_transition", "not_now")
async def record_no_show(
    reservation_id: ReservationRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ReservationView:
    """Say that its holder did not come, 15 minutes after its start or later; what is left of its time is free."""
    reservation = await tx.visible(Reservation, reservation_id)
    before = claims_of(reservation)
    attendance.miss(reservation, at=tx.now)
    keep_slots(reservation, before, tx)
    return ReservationView.of(reservation)
