"""Reservations made, moved and prolonged, each with its slots in one unit of work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from services.chassis.domain.errors import Conflict
from services.chassis.domain.money import Money
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.violations import refuse
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import CancellationReason, ReservationKind, ReservationRescheduled
from services.incubator.booking.effects import NOTHING, keep, kept_by
from services.incubator.booking.queries import resources_named
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.series import Series
from services.incubator.booking.status import UNPAID, WAITING, ReservationStatus
from services.incubator.finance.billing import add_lines
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.recurrence import Recurrence, Recurring
from services.incubator.space.bodies import Reschedule, Reserve
from services.incubator.space.charging import charges_of, ended
from services.incubator.space.queries import Skipped, asked_fit, fit_of, times_of
from services.incubator.space.rules import of_resources
from services.incubator.tenants.queries import trading_tenant

MOST_HOLDS: Final = 5
"""That a business has at a time."""


async def reserve(asked: Reserve, tx: Tx) -> tuple[Reservation, list[Skipped]]:
    """Make a reservation, with its slots, in this unit of work; and say what was left out of a series.

    Raises:
        Unprocessable, Conflict: `FITTING`, `TRADING`; `price_changed` with the price; `too_many_holds`.
    """
    tenant = await trading_tenant(asked.business_id, tx)
    fit = await asked_fit(asked, tx)
    refuse_other_price(asked.expected_price, fit.price)
    held = None if asked.hold_minutes is None else tx.now + timedelta(minutes=asked.hold_minutes)
    status = ReservationStatus.HELD if held else ReservationStatus.CONFIRMED
    reservation = Reservation.make(
        at=tx.now,
        hold_expires_at=held,
        hold_number=None if held is None else await _free_hold(tenant.business_id, tx),
        kind=ReservationKind.BOOKING,
        site_id=fit.resources[0].site_id,
        time_zone=fit.resources[0].time_zone,
        business_id=tenant.business_id,
        business_kind=tenant.kind,
        sector=tenant.sector,
        partner_id=tenant.partner_id,
        booked_by=tx.caller.client_id,
        title=asked.title,
        attendees=asked.attendees,
        units=fit.units,
        cancel_minutes=max(each.terms.cancel_minutes for each in fit.resources),
        occurrences=[each.occurrence(status) for each in fit.fitted],
        series=asked.recurrence
        and Series(rule=asked.recurrence, start=asked.start, end=asked.end, foreseen=fit.last_number),
    )
    await keep(reservation, NOTHING, tx)
    return reservation, fit.skipped


async def expect(reservation: Reservation, attendees: int, tx: Tx) -> None:
    """Let so many people come to a reservation, which is to be saved.

    Raises:
        Unprocessable: `over_capacity`.
    """
    refuse(*of_resources(await _resources_of(reservation, tx), attendees))
    reservation.attendees = attendees


async def extend(reservation: Reservation, recurrence: Recurrence, tx: Tx) -> None:
    """Give a series another end: what is new in it is judged and taken, what is gone is given back.

    What is new of one that is held is held with the rest.

    Raises:
        Conflict: `another_rule`; `invalid_transition`, it came to nothing; `slot_taken`, `cancellation_window_passed`.
        Unprocessable: `recurrence_invalid`; what the rules say of what is new.
    """
    if reservation.series is None:
        raise Conflict("It is no series; for one make another reservation.", code="another_rule")
    if reservation.status in UNPAID or reservation.is_overdue(tx.now):
        raise invalid_transition(reservation.status, reservation.allowed_actions)
    resources = await _resources_of(reservation, tx)
    times = times_of(recurrence, reservation.series.first, resources)
    before, last, foreseen = kept_by(reservation), times[-1].number, reservation.series.foreseen
    reservation.series = reservation.series.followed_by(recurrence, last)
    if any(each.number > last for each in reservation.live):
        reservation.cancel(lambda each: each.number > last, at=tx.now, reason=CancellationReason.BY_HOLDER)
    if new := [each for each in times if each.number > foreseen]:
        fit = await fit_of(resources, new, reservation.attendees, reservation.business_id, tx, mine=reservation)
        status = reservation.status if reservation.status in WAITING else ReservationStatus.CONFIRMED
        reservation.occurrences += [each.occurrence(status) for each in fit.fitted]
        reservation.settle(tx.now)
        reservation.tell_time(ReservationRescheduled)
    await keep(reservation, before, tx)


async def move(reservation: Reservation, number: int, asked: Reschedule, tx: Tx) -> Reservation:
    """Move an occurrence to another time, with its slots, in this unit of work.

    Raises:
        NotFound: there is no such occurrence.
        Unprocessable, Conflict: `FITTING`; `price_changed`, `invalid_transition`, `cancellation_window_passed`.
    """
    resources = await _resources_of(reservation, tx)
    before, time = kept_by(reservation), Interval(asked.start, asked.end)
    reservation.occurrence(number)
    fit = await fit_of(
        resources, [Recurring(number, time)], reservation.attendees, reservation.business_id, tx, mine=reservation
    )
    refuse_other_price(asked.expected_price, fit.price)
    reservation.reschedule(fit.fitted[0].occurrence(reservation.status), fit.units, at=tx.now)
    await keep(reservation, before, tx)
    return reservation


async def act_on(reservation: Reservation, act: Callable[[Reservation], object], tx: Tx) -> None:
    """Let something happen to a reservation, in this unit of work: what it keeps follows, what has ended is charged.

    Raises:
        Conflict: what the act says.
    """
    before, charged = kept_by(reservation), ended(reservation)
    act(reservation)
    if reservation.recorded:
        await keep(reservation, before, tx)
    if charges := charges_of(reservation, but=charged):
        await add_lines(tx, reservation.business_id, charges)


def refuse_other_price(expected: Money | None, price: Money) -> None:
    """Raises Conflict: `price_changed`, with the price as it is."""
    if expected is not None and expected != price:
        raise Conflict("The price is another one by now.", code="price_changed", price=price.model_dump())


async def _resources_of(reservation: Reservation, tx: Tx) -> list[Resource]:
    return await resources_named([each.resource_id for each in reservation.units], tx)


async def _free_hold(business_id: str, tx: Tx) -> int:
    """Which of the few holds of a business is free.

    Raises:
        Conflict: `too_many_holds`.
    """
    where = {"business_id": business_id, "status": ReservationStatus.HELD}
    held = await tx.select(Reservation, where, limit=10 * MOST_HOLDS)
    used = {each.hold_number for each in held if not each.is_overdue(tx.now)}
    free = next((number for number in range(MOST_HOLDS) if number not in used), None)
    if free is None:
        raise Conflict(f"A business holds at most {MOST_HOLDS} reservations at a time.", code="too_many_holds")
    return free
