"""Whether and how a reservation fits: the one judgement of preview, booking and moving; and filters of lists."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import Path, Query

from services.chassis.domain.errors import MOST_ERRORS, Conflict, NotFound
from services.chassis.domain.money import Money
from services.chassis.domain.times import rfc3339
from services.chassis.domain.violations import Violated, Violation, refusal, refuse
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import ReservationId, ReservationKind
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.minutes import MinutesUsed, minutes_id
from services.incubator.booking.occurrence import Credits, Occurrence, ReservedUnit
from services.incubator.booking.queries import Busy, busy, reserved_unit, resources_named
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import ReservationStatus
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.kernel.recurrence import Recurrence, Recurring
from services.incubator.memberships.queries import memberships_of
from services.incubator.space.allowance import Allowance
from services.incubator.space.bodies import AskForReservation
from services.incubator.space.rules import CODES, of_resources, of_time

FITTING: Final = (
    *(*CODES, "resource_unknown", "resources_of_two_sites", "resource_retired", "slot_taken", "amount_too_large"),
)
"""With what `fit_of` and the look at its resources refuse."""
MOST_MONTHS = 400
"""Of a membership, that are read."""

Number = Annotated[int, Query(ge=1, le=1000, description="Which occurrence of a series; the first by default.")]
Only = Annotated[int | None, Query(ge=1, le=1000, description="This occurrence of a series alone.")]
Since = Annotated[int | None, Query(alias="from", ge=1, le=1000, description="This occurrence and all after it.")]
ReservationRef = Annotated[ReservationId, Path(description="The reservation, by its id.")]


class ReservationFilter(Filter):
    """By whose it is, where, and how far it has come."""

    business_id: BusinessId | None = None
    """For which business."""
    site_id: SiteId | None = None
    """Where."""
    status: ReservationStatus | None = None
    """How far it has come."""

    def where(self) -> dict[str, Any]:
        """Bookings; appointments are listed by themselves."""
        return {**super().where(), "kind": ReservationKind.BOOKING}


async def booking_named(reservation_id: str, tx: Tx) -> Reservation:
    """A booking that the caller may see. Raises NotFound of every other reservation."""
    found = await tx.visible(Reservation, reservation_id)
    if found.kind is not ReservationKind.BOOKING:
        raise NotFound
    return found


def meant(number: int | None, first: int | None) -> Callable[[Occurrence], bool]:
    """Which occurrences two parameters mean; all of them where neither is given."""
    return lambda each: (number is None or each.number == number) and (first is None or each.number >= first)


class Fitted(NamedTuple):
    """An occurrence that fits, and what it costs."""

    number: int
    time: Interval
    price: Money
    credits: Credits | None = None

    def occurrence(self, status: ReservationStatus) -> Occurrence:
        return Occurrence(
            number=self.number,
            start=self.time.start,
            end=self.time.end,
            status=status,
            price=self.price,
            credits=self.credits,
        )


class Possible(NamedTuple):
    """An occurrence that the rules let through."""

    number: int
    time: Interval


class Skipped(NamedTuple):
    """An occurrence that does not fit, and why."""

    number: int
    time: Interval | None
    code: str


@dataclass(frozen=True)
class Fit:
    """Units that are free for all that fits."""

    resources: Sequence[Resource]
    units: list[ReservedUnit]
    fitted: list[Fitted]
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def last_number(self) -> int:
        """The highest number that was judged."""
        return max([each.number for each in self.fitted] + [each.number for each in self.skipped])

    @property
    def credits_minutes(self) -> int:
        """Included minutes that all of it uses up."""
        return sum(each.credits.minutes for each in self.fitted if each.credits)

    @property
    def price(self) -> Money:
        """What all of it costs."""
        return Money(amount=sum(each.price.amount for each in self.fitted), currency=CURRENCY)


async def fit_of(
    resources: Sequence[Resource],
    times: Sequence[Recurring],
    attendees: int,
    business_id: str,
    tx: Tx,
    *,
    mine: Reservation | None = None,
    skip: bool = False,
) -> Fit:
    """A unit of each resource for each of these times, and what they cost a business.

    Args:
        times: when, numbered. skip: whether those that do not fit are left out, as long as any does.
        mine: a reservation whose occurrences of these numbers are to be moved: what they take and use up now is free
            for it. It keeps its units if it can, and must while it has other occurrences.

    Raises:
        Unprocessable: what the rules say, see `rules.CODES`; `amount_too_large`.
        Conflict: `resource_retired`; `slot_taken`, with the times that are taken, and not whose they are.
    """
    for each in resources:
        each.refuse_reservations()
    refuse(*of_resources(resources, attendees))
    possible, skipped, all_wrong = [], [], []
    for time in times:
        if wrong := list(of_time(resources, time.time, now=tx.now)):
            all_wrong += wrong if len(times) == 1 else _of_an_occurrence(time.number, wrong)
            if not skip:
                refuse(*all_wrong)
            skipped.append(Skipped(time.number, time.time, wrong[0].code))
        elif time.time:
            possible.append(Possible(time.number, time.time))
    if not possible:
        refuse(*all_wrong)
    moved = [each.number for each in times]
    kept = mine.units_beside(moved) if mine else []
    widened: list[Callable[[Interval], Interval]]
    widened = [each.claimed for each in kept] or [each.calendar.claimed for each in resources]
    windows = [claimed(one.time) for claimed in widened for one in possible]
    taken = await busy([each.id for each in resources], windows, tx, but={mine.id: moved} if mine else {})
    units = kept or [_best_unit(each, possible, taken, mine) for each in resources]
    free = [each for each in possible if all(not taken.clashes(unit, each.time) for unit in units)]
    if clashes := [] if skip and free else [clash for each in possible for clash in _clashes(units, each, taken)]:
        raise Conflict("Something of it is taken at that time.", code="slot_taken", conflicts=clashes[:MOST_ERRORS])
    skipped += [Skipped(each.number, each.time, "slot_taken") for each in possible if each not in free]
    allowance = await allowance_of(business_id, tx, mine=mine, moved=moved)
    try:
        fitted = [Fitted(each.number, each.time, *allowance.price(resources, each.time)) for each in free]
    except Violated as too_dear:
        raise refusal(too_dear.at("resource_ids")) from too_dear
    return Fit(resources, units, fitted, sorted(skipped))


async def allowance_of(business_id: str, tx: Tx, *, mine: Reservation | None, moved: Collection[int]) -> Allowance:
    """The included minutes that are left to a business, those that are to be priced anew counted as unused."""
    memberships = await memberships_of(business_id, tx)
    used = {}
    for each in memberships:
        for ledger in await tx.select(MinutesUsed, {"membership_id": each.id}, limit=MOST_MONTHS):
            used[ledger.id] = ledger.used
    for one in mine.occurrences if mine else ():
        if one.number in moved and one.credits:
            used[minutes_id(one.credits.membership_id, one.credits.month)] -= one.credits.minutes
    return Allowance(memberships, used)


async def asked_fit(asked: AskForReservation, tx: Tx) -> Fit:
    """The same for what a body asks for."""
    resources = await resources_named(asked.resource_ids, tx)
    times = times_of(asked.recurrence, Interval(asked.start, asked.end), resources)
    return await fit_of(resources, times, asked.attendees, asked.business_id, tx, skip=asked.on_conflict == "skip")


def times_of(recurrence: Recurrence | None, first: Interval, resources: Sequence[Resource]) -> list[Recurring]:
    """When it is to be: once, or by a rule.

    Raises:
        Unprocessable: `recurrence_invalid`.
    """
    if recurrence is None:
        return [Recurring(1, first)]
    try:
        return recurrence.times(first, ZoneInfo(resources[0].time_zone))
    except Violated as wrong:
        raise refusal(wrong.at("recurrence")) from wrong


def _best_unit(resource: Resource, wanted: Sequence[Possible], taken: Busy, mine: Reservation | None) -> ReservedUnit:
    """The unit that is free for most of it: its own where that is one of the best; else any of them.

    Any, so that many who ask at once do not all want the same.
    """
    units = [reserved_unit(resource, number) for number in range(resource.units)]
    free = {unit: sum(not taken.clashes(unit, each.time) for each in wanted) for unit in units}
    best = [unit for unit in units if free[unit] == max(free.values())]
    own = [each.unit for each in mine.units if each.resource_id == resource.id] if mine else []
    return next((unit for unit in best if unit.unit in own), None) or random.choice(best)


def _of_an_occurrence(number: int, wrong: Sequence[Violation]) -> list[Violation]:
    return [Violation(each.code, f"Occurrence {number}: {each.detail}", ("recurrence",)) for each in wrong]


def _clashes(units: Sequence[ReservedUnit], wanted: Possible, taken: Busy) -> list[dict[str, Any]]:
    return [
        {
            "occurrence": wanted.number,
            "resource_id": unit.resource_id,
            "start": rfc3339(clash.start),
            "end": rfc3339(clash.end),
        }
        for unit in units
        for clash in sorted(taken.clashes(unit, wanted.time).values())
    ]
