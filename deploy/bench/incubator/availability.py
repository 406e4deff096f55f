"""The availability of a room for a week, beside a thousand and a hundred thousand reservations."""

from datetime import datetime, timedelta
from typing import Final

from deploy.bench.asking import Asked, compared
from deploy.bench.contest import Line
from deploy.bench.incubator.scene import A_DAY, PARTNER, TODAY, V1, insert, opened, rooms, routes_on
from deploy.bench.stage import Stage
from services.chassis.domain.money import Money
from services.chassis.domain.times import rfc3339
from services.chassis.store.mongo import MongoStore
from services.contracts.incubator.reservations import ReservationKind
from services.contracts.registry.businesses import BusinessKind
from services.incubator.booking.occurrence import Occurrence, ReservedUnit
from services.incubator.booking.reservation import Reservation
from services.incubator.booking.resource import Resource
from services.incubator.booking.status import ReservationStatus

SIZES: Final = {1_000: (5, 25), 100_000: (50, 250)}
"""Reservations → in how many rooms, and on how many days."""
A_DAYS: Final = 8
"""Reservations of a room and day: whatever the size, the week that is asked for has as many."""
FREE: Final = Money(amount=0, currency="CNY")
HOURS: Final = timedelta(hours=2)


def reservation(room: Resource, start: datetime) -> Reservation:
    """A confirmed one of an hour."""
    taken = Occurrence(number=1, start=start, end=start + HOURS / 2, status=ReservationStatus.CONFIRMED, price=FREE)
    return Reservation.make(
        at=TODAY,
        hold_expires_at=None,
        kind=ReservationKind.BOOKING,
        site_id=room.site_id,
        time_zone=room.time_zone,
        business_id=f"biz_{'1' * 32}",
        business_kind=BusinessKind.CLOUD,
        sector="6429",
        partner_id=PARTNER,
        booked_by="cli_0",
        title="示例 (synthetic)",
        attendees=1,
        units=[ReservedUnit(resource_id=room.id, unit=0, buffer_before=0, buffer_after=0)],
        occurrences=[taken],
    )


async def fill(store: MongoStore, number: int) -> Resource:
    """So many reservations, half of them behind us. Returns a room that has some."""
    of_rooms, days = SIZES[number]
    made = await rooms(store, of_rooms)
    for day in range(days):
        first = TODAY + (day - days // 2) * A_DAY
        starts = [first + turn * HOURS for turn in range(A_DAYS)]
        await insert(store, [reservation(room, start) for room in made for start in starts])
    return made[0]


async def measure(stage: Stage) -> list[Line]:
    sizes = {}
    for number in SIZES:
        store = await opened(stage, f"availability_{number}")
        room = await fill(store, number)
        week = f"from={rfc3339(TODAY + A_DAY)}&to={rfc3339(TODAY + 8 * A_DAY)}&minutes=60"
        question = f"{V1}/resources/{room.id}/availability?{week}"
        sizes[f"{number:,} reservations"] = Asked(store, routes_on(store), question)
    lines = await compared("GET availability of a week", sizes)
    for asked in sizes.values():
        await asked.api.aclose()
        asked.store.close()
    return lines
