"""What a reservation does to the calendar: its slots are claimed, kept and given back with it in one commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from services.chassis.domain.errors import Conflict
from services.chassis.domain.times import rfc3339
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.reservations import CancellationReason
from services.contracts.incubator.resources import ResourceUsage
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.queries import taken_days
from services.incubator.booking.appointments.consultation import week_of
from services.incubator.booking.appointments.week import ConsultingWeek, week_id
from services.incubator.booking.blackout import Blackout, days_of
from services.incubator.booking.bodies import BlockResources
from services.incubator.booking.minutes import MinutesUsed, minutes_id
from services.incubator.booking.occurrence import Occurrence, ReservedUnit
from services.incubator.booking.queries import busy
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import TO_COME, UNPAID, WAITING, ReservationStatus
from services.incubator.kernel.calendar import is_on_grid
from services.incubator.kernel.interval import Interval

MOST_CLAIMS: Final = 2000
"""Slots or days of one reservation, buffers and all units included: what one transaction claims in good time."""


@dataclass(frozen=True)
class Kept:
    """What a reservation or a blackout has of things that others want too.

    Attributes:
        claims: key of a claim → until when it is held.
        minutes: id of a month's ledger → included minutes that are used of it.
        weeks: id of a week with a consultant → until when it counts there; None for good.
    """

    claims: dict[str, datetime] = field(default_factory=dict)
    minutes: dict[str, int] = field(default_factory=dict)
    weeks: dict[str, datetime | None] = field(default_factory=dict)


NOTHING: Final = Kept()


Holder = Reservation | Allocation | Blackout


def kept_by(holder: Holder) -> Kept:
    """What it keeps as it is; a hold keeps its number among those of its business too."""
    claims = {each.key: each.until for each in holder.claims()}
    if not isinstance(holder, Reservation):
        return Kept(claims)
    if holder.status is ReservationStatus.HELD and holder.hold_expires_at:
        claims[hold_key(holder.business_id, holder.hold_number)] = holder.hold_expires_at
    minutes: dict[str, int] = {}
    for each in holder.paid_credits():
        ledger = minutes_id(each.membership_id, each.month)
        minutes[ledger] = minutes.get(ledger, 0) + each.minutes
    return Kept(claims, minutes, weeks_of(holder))


def weeks_of(reservation: Reservation) -> dict[str, datetime | None]:
    """In which weeks it counts, and until when; what came to nothing counts in none, what was missed does."""
    asked = reservation.consultation
    if asked is None:
        return {}
    until = reservation.hold_expires_at if reservation.status in WAITING else None
    counted = (each for each in reservation.occurrences if each.status not in UNPAID)
    return {week_id(asked.consultant_id, reservation.business_id, week_of(each.start)): until for each in counted}


def hold_key(business_id: str, number: int | None) -> str:
    """The claim of one of the few holds that a business may have at a time."""
    return f"hold|{business_id}:{number}"


async def keep(holder: Holder, before: Kept, tx: Tx) -> None:
    """Take what it needs now, give back what it had before and does not need any more, and save it: one commit.

    A slot that somebody else takes in the same moment is a lost race: the unit of work runs again and sees who.

    Raises:
        Unprocessable: `too_long`, it takes more slots or days than one reservation may.
    """
    after = kept_by(holder)
    if len(after.claims) > MOST_CLAIMS:
        refuse(Violation("too_long", f"It takes at most {MOST_CLAIMS} quarters of an hour or days of units."))
    for key in before.claims.keys() - after.claims.keys():
        tx.release(key, holder.id)
    for key, until in after.claims.items():
        if before.claims.get(key) != until:
            tx.claim(key, holder.id, until=until)
    for id in sorted(before.minutes.keys() | after.minutes.keys()):
        if more := after.minutes.get(id, 0) - before.minutes.get(id, 0):
            ledger = await tx.find(MinutesUsed, id) or MinutesUsed.none_yet(*id.split("|"))
            ledger.use(more)
            tx.save(ledger)
    for id in sorted(before.weeks.keys() | after.weeks.keys()):
        if id not in after.weeks or id not in before.weeks or before.weeks[id] != after.weeks[id]:
            week = await tx.find(ConsultingWeek, id) or ConsultingWeek.none_yet(id)
            if id in after.weeks:
                week.count(holder.id, after.weeks[id], tx.now)
            else:
                week.give_back(holder.id)
            tx.save(week)
    tx.save(holder)


async def blacked_out(resources: Sequence[Resource], asked: BlockResources, tx: Tx) -> Blackout:
    """Keep all units of resources free for a time, in this unit of work.

    No allocation is cancelled for it, and no reservation whose holder has come.

    Raises:
        Unprocessable: `not_on_grid`, `too_long`.
        Conflict: `slots_taken` with who clashes, where they are not to be cancelled, or cannot be.
    """
    time = Interval(asked.start, asked.end)
    refuse(
        *(
            Violation("not_on_grid", "It begins and ends on a quarter of an hour.", (name,))
            for name, at in (("start", time.start), ("end", time.end))
            if not is_on_grid(at)
        )
    )
    units = [
        ReservedUnit(resource_id=each.id, unit=number, buffer_before=0, buffer_after=0)
        for each in resources
        for number in range(each.units)
    ]
    by_days = [each for each in resources if each.usage is ResourceUsage.ALLOCATABLE]
    taken = await busy([each.id for each in resources], [time], tx)
    clashes = {holder: when for unit in units for holder, when in taken.clashes(unit, time).items()}
    clashes |= await _clashing_days(by_days, time, tx)
    lost = [] if asked.on_conflict == "fail" else await _cancellable(clashes, time, tx)
    if staying := sorted(clashes.keys() - {each.id for each in lost}):
        told = [{"id": id, "start": rfc3339(clashes[id].start), "end": rfc3339(clashes[id].end)} for id in staying]
        raise Conflict("Something of it is taken at that time.", code="slots_taken", conflicts=told)
    for reservation in lost:
        before = kept_by(reservation)
        reservation.cancel(partial(_is_hit, reservation, time), at=tx.now, reason=CancellationReason.BLACKOUT)
        await keep(reservation, before, tx)
    site_id, ids = resources[0].site_id, [each.id for each in by_days]
    blackout = Blackout.over(units, time, by_days=ids, site_id=site_id, reason=asked.reason)
    await keep(blackout, NOTHING, tx)
    return blackout


async def _cancellable(ids: Iterable[str], time: Interval, tx: Tx) -> list[Reservation]:
    """The reservations among these of which nobody is there yet at a time, and nothing of it was used."""
    found = [await tx.get(Reservation, id) for id in sorted(ids) if id.startswith("rsv_")]
    waiting = (*TO_COME, *UNPAID, ReservationStatus.NO_SHOW)
    return [
        each for each in found if all(one.status in waiting for one in each.occurrences if _is_hit(each, time, one))
    ]


def _is_hit(reservation: Reservation, time: Interval, occurrence: Occurrence) -> bool:
    """Whether an occurrence takes something of a time, buffers included."""
    return any(unit.claimed(occurrence.time).overlaps(time) for unit in reservation.units)


async def _clashing_days(resources: Sequence[Resource], time: Interval, tx: Tx) -> dict[str, Interval]:
    """Who has a unit on a day of the zone that a time touches; a person ends an allocation, no blackout does."""
    days = days_of(time)
    taken = await taken_days(resources, days, tx)
    return {
        holder: Interval(when.starts_at, when.ends_at)
        for each in resources
        for unit in range(each.units)
        for holder, when in taken.clashes(each.id, unit, days).items()
    }
