"""What taking, confirming and correcting a reading does: to its meter, its service point and the reading in its place.

Every way in saves the meter, so that of two readings of one meter that come at once the second is judged anew.
"""

from datetime import datetime
from typing import Any, NamedTuple

from services.chassis.domain.errors import Conflict
from services.chassis.domain.violations import Violated, Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.meters import ReadingSource, ReadingStatus
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Judgement, Look, judge
from services.incubator.utilities.metering.service_point import ServicePoint

LIVE = [ReadingStatus.ACCEPTED.value, ReadingStatus.UNDER_REVIEW.value]


class Said(NamedTuple):
    """What somebody says of a dial; `place` is the member of the body that says it."""

    at: datetime
    value: str
    source: ReadingSource
    rollover: bool = False
    place: str = "value"


async def take_reading(
    meter: Meter, said: Said, tx: Tx, *, replaced_by: str | None = None, for_partner: str | None = None
) -> Reading:
    """Take a reading; the same said again is the one that is there, and an estimate of that moment gives way.

    A final one ends the installation.

    Args:
        replaced_by: the meter that is installed in its place.
        for_partner: who says it; it says nothing of what the meter measured for others. None for the zone itself.

    Raises:
        Unprocessable: `in_the_future`, `exceeds_register`, `too_many_decimals`, `reading_below_previous`,
            `reading_above_next`.
        Conflict: `before_installation`, `meter_removed`, `service_point_closed`, `reading_exists`,
            `later_readings_exist`.
    """
    if said.at > tx.now:
        refuse(Violation("in_the_future", "This moment is still to come.", ("at",)))
    installation = meter.installation_at(said.at)
    point = await tx.get(ServicePoint, meter.installations[installation].service_point_id)
    if for_partner not in (None, point.partner_id):
        raise Conflict("The meter was installed elsewhere then.", code="before_installation")
    if point.ends_at and said.at > point.ends_at:
        raise Conflict("The service point was closed by then.", code="service_point_closed")
    look = Look(said.at, _dial(meter, said), said.rollover)
    of_it = {"meter_id": meter.id, "installation": installation}
    there = await tx.select(Reading, {**of_it, "at": said.at, "status": {"$in": LIVE}}, limit=1)
    known = there[0] if there else None
    if known is not None and known.is_actual:
        if known.dial != look.dial:
            raise Conflict("Another value was read at that moment: supersede it.", code="reading_exists")
        reading = known
    else:
        judgement = await _judgement(meter, installation, look, tx, place=said.place)
        reading = Reading.of(meter, point, look, installation=installation, source=said.source, judgement=judgement)
        tx.save(reading)
        tx.save(meter)
        if known is not None:
            known.give_way(reading.id)
            tx.save(known)
    if said.source is ReadingSource.FINAL and meter.installations[installation].until is None:
        await _end_installation(meter, point, said.at, tx, replaced_by)
    return reading


async def install(meter: Meter, point: ServicePoint, *, at: datetime, initial: str, tx: Tx) -> Reading:
    """Install a meter at a service point, with what it shows as it begins.

    Raises:
        Unprocessable: `in_the_future`, `exceeds_register`, `too_many_decimals`.
        Conflict: see `Meter.install` and `ServicePoint.connect`.
    """
    said = Said(at, initial, ReadingSource.INITIAL, place="initial")
    if at > tx.now:
        refuse(Violation("in_the_future", "This moment is still to come.", ("at",)))
    look = Look(at, _dial(meter, said))
    meter.install(point, at=at)
    point.connect(meter.id, at=at)
    reading = Reading.of(
        meter,
        point,
        look,
        installation=len(meter.installations) - 1,
        source=ReadingSource.INITIAL,
        judgement=Judgement(),
    )
    tx.save(meter)
    tx.save(point)
    return tx.save(reading)


async def exchange(old: Meter, new: Meter, said: Said, *, initial: str, tx: Tx) -> None:
    """Put another meter in the place of one: its final reading and the other's initial one at the same moment.

    Raises:
        Unprocessable, Conflict: see `take_reading` and `install`.
    """
    point = await tx.get(ServicePoint, old.installations[-1].service_point_id)
    if old.installations[old.installation_at(said.at)].until is not None:
        raise Conflict("The meter was removed then.", code="meter_removed")
    await take_reading(old, said, tx, replaced_by=new.id)
    await install(new, point, at=said.at, initial=initial, tx=tx)


async def estimate(point: ServicePoint, meter_id: str, installation: int, look: Look, tx: Tx) -> Reading:
    """Keep what a dial is thought to have shown, as a reading that no other is judged by."""
    meter = tx.save(await tx.get(Meter, meter_id))
    source = ReadingSource.ESTIMATED
    reading = Reading.of(meter, point, look, installation=installation, source=source, judgement=Judgement())
    return tx.save(reading)


async def confirm(reading: Reading, tx: Tx) -> None:
    """Confirm a reading, where it still fits between those that count by now.

    Raises:
        Conflict: `invalid_transition`, `reading_does_not_fit`.
    """
    meter = await tx.get(Meter, reading.meter_id)
    reading.confirm()
    try:
        await _fit(meter, reading.installation, reading.look, tx)
    except Violated as refused:
        detail = "It does not fit between the readings around it any more: supersede one of them."
        raise Conflict(detail, code="reading_does_not_fit") from refused
    tx.save(meter)
    tx.save(reading)


async def supersede(reading: Reading, *, value: str, rollover: bool, tx: Tx) -> Reading:
    """Put a right reading in the place of a wrong one; who corrects it has looked, so that it counts at once.

    Raises:
        Unprocessable: `exceeds_register`, `too_many_decimals`, `reading_below_previous`, `reading_above_next`.
        Conflict: `invalid_transition`.
    """
    meter = await tx.get(Meter, reading.meter_id)
    point = await tx.get(ServicePoint, reading.service_point_id)
    source = reading.source if reading.is_actual else ReadingSource.ACTUAL
    look = Look(reading.at, _dial(meter, Said(reading.at, value, source)), rollover)
    judgement = await _judgement(meter, reading.installation, look, tx, without=reading.id)
    right = Reading.of(
        meter,
        point,
        look,
        installation=reading.installation,
        source=source,
        judgement=judgement._replace(must_be_reviewed=False),
        supersedes=reading.id,
    )
    reading.give_way(right.id)
    tx.save(meter)
    tx.save(reading)
    return tx.save(right)


async def _end_installation(meter: Meter, point: ServicePoint, at: datetime, tx: Tx, replaced_by: str | None) -> None:
    later = {"at": {"$gt": at}, "status": {"$in": LIVE}, "source": {"$ne": ReadingSource.ESTIMATED.value}}
    of_it = {"meter_id": meter.id, "installation": len(meter.installations) - 1}
    if await tx.select(Reading, of_it | later, limit=1):
        raise Conflict("The meter was read after that moment.", code="later_readings_exist")
    meter.remove(at=at, replaced_by=replaced_by)
    point.disconnect(meter.id, for_good=replaced_by is None)
    tx.save(meter)
    tx.save(point)


async def _judgement(
    meter: Meter, installation: int, look: Look, tx: Tx, *, place: str = "value", without: str = ""
) -> Judgement:
    try:
        return await _fit(meter, installation, look, tx, without=without)
    except Violated as violated:
        refuse(violated.at(place))
        raise


async def _fit(meter: Meter, installation: int, look: Look, tx: Tx, *, without: str = "") -> Judgement:
    """How plausible a look is among the actual readings that count.

    Raises:
        Violated: `reading_below_previous`, `reading_above_next`: it does not fit between its neighbours.
    """
    counting: dict[str, Any] = {
        "meter_id": meter.id,
        "installation": installation,
        "status": ReadingStatus.ACCEPTED.value,
        "source": {"$ne": ReadingSource.ESTIMATED.value},
        "_id": {"$ne": without},
    }
    before = await tx.select(Reading, counting | {"at": {"$lt": look.at}}, sort=[("at", -1)], limit=1)
    after = await tx.select(Reading, counting | {"at": {"$gt": look.at}}, sort=[("at", 1)], limit=1)
    if after and after[0].dial < look.dial and not after[0].rollover:
        raise Violated("reading_above_next", f"It showed {meter.dial.shown(after[0].dial)} after that.")
    if not before:
        return Judgement()
    previous, point = before[0], await tx.get(ServicePoint, before[0].service_point_id)
    consumed = meter.dial.consumed(previous.dial, look.dial, rollover=look.rollover)
    return judge(
        meter.dial.quantity(consumed),
        rolled_over=look.dial < previous.dial,
        since=previous.at,
        until=look.at,
        max_daily=meter.max_daily.exact if meter.max_daily else None,
        cut_off=point.suspended_at is not None and previous.at >= point.suspended_at,
    )


def _dial(meter: Meter, said: Said) -> int:
    try:
        return meter.dial.read(said.value)
    except Violated as violated:
        refuse(violated.at(said.place))
        raise
