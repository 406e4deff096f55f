"""How a reservation is fitted into what is there: the one judgement that preview, booking and moving go by."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from services.chassis.domain.errors import Conflict
from services.chassis.domain.money import Money
from services.chassis.domain.times import rfc3339
from services.chassis.domain.violations import refuse
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import ReservationKind
from services.incubator.booking.effects import keep_slots
from services.incubator.booking.occurrence import Occurrence, ReservedUnit
from services.incubator.booking.queries import Busy, busy, resources_named
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import ReservationStatus
from services.incubator.kernel.interval import Interval
from services.incubator.space.bodies import AskForReservation, Reserve
from services.incubator.space.price import price_of
from services.incubator.space.rules import CODES, violations
from services.incubator.tenants.queries import trading_tenant

MOST_HOLDS: Final = 5
"""That a business has at a time."""
FITTING: Final = (*CODES, "resource_unknown", "resources_of_two_sites", "resource_retired", "slot_taken")
"""With what `fit_of` and the look at its resources refuse."""


@dataclass(frozen=True)
class Fit:
    """Units that are free for a time, and what they cost."""

    resources: Sequence[Resource]
    units: list[ReservedUnit]
    price: Money


async def fit_of(
    resources: Sequence[Resource], time: Interval, attendees: int, tx: Tx, *, mine: Reservation | None = None
) -> Fit:
    """A unit of each resource for a time, and what they cost.

    Args:
        mine: a reservation that is to be moved: what it takes now is free for it, and it keeps its units if it can.

    Raises:
        Unprocessable: what the rules say, see `rules.CODES`.
        Conflict: `resource_retired`; `slot_taken`, with the times that are taken, and not whose they are.
    """
    for each in resources:
        each.refuse_reservations()
    refuse(*violations(resources, time, attendees, now=tx.now))
    claimed = [each.calendar.claimed(time) for each in resources]
    window = Interval(min(each.start for each in claimed), max(each.end for each in claimed))
    taken = await busy([each.id for each in resources], window, tx, but=mine.id if mine else "")
    units = [_free_unit(each, time, taken, mine) for each in resources]
    chosen = [each for each in units if each is not None]
    if len(chosen) < len(resources):
        full = [each for each, unit in zip(resources, units, strict=True) if unit is None]
        clashes = [clash for each in full for clash in _clashes(each, time, taken)]
        raise Conflict("Something of it is taken at that time.", code="slot_taken", conflicts=clashes)
    return Fit(resources, chosen, price_of(resources, time))


async def asked_fit(asked: AskForReservation, tx: Tx) -> Fit:
    """The same for what a body asks for."""
    return await fit_of(
        await resources_named(asked.resource_ids, tx), Interval(asked.start, asked.end), asked.attendees, tx
    )


async def reserve(asked: Reserve, tx: Tx) -> Reservation:
    """Make a reservation, with its slots, in this unit of work.

    Raises:
        Unprocessable, Conflict: `FITTING`, `TRADING`; `price_changed` with the price; `too_many_holds`.
    """
    tenant = await trading_tenant(asked.business_id, tx)
    fit = await asked_fit(asked, tx)
    refuse_other_price(asked.expected_price, fit.price)
    held = None if asked.hold_minutes is None else tx.now + timedelta(minutes=asked.hold_minutes)
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
        occurrences=[
            Occurrence(
                number=1,
                start=asked.start,
                end=asked.end,
                status=ReservationStatus.HELD if held else ReservationStatus.CONFIRMED,
                price=fit.price,
            )
        ],
    )
    keep_slots(reservation, {}, tx)
    return reservation


def refuse_other_price(expected: Money | None, price: Money) -> None:
    """Raises Conflict: `price_changed`, with the price as it is."""
    if expected is not None and expected != price:
        raise Conflict("The price is another one by now.", code="price_changed", price=price.model_dump())


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


def _free_unit(resource: Resource, time: Interval, taken: Busy, mine: Reservation | None) -> ReservedUnit | None:
    """Its own where that is free; else any, so that many who ask at once do not all want the same."""
    free = list(resource.calendar.free_units(time, taken.of(resource.id)))
    own = [each.unit for each in mine.units if each.resource_id == resource.id] if mine else []
    kept = [unit for unit in own if unit in free]
    return reserved_unit(resource, (kept or [random.choice(free)])[0]) if free else None


def reserved_unit(resource: Resource, number: int) -> ReservedUnit:
    """A unit of a resource with the buffers that it has now."""
    terms = resource.terms
    return ReservedUnit(
        resource_id=resource.id, unit=number, buffer_before=terms.buffer_before, buffer_after=terms.buffer_after
    )


def _clashes(resource: Resource, time: Interval, taken: Busy) -> list[dict[str, Any]]:
    found = {
        clash
        for number in range(resource.units)
        for clash in taken.clashes(reserved_unit(resource, number), time).values()
    }
    return [
        {"resource_id": resource.id, "start": rfc3339(each.start), "end": rfc3339(each.end)}
        for each in sorted(found)[:10]
    ]
