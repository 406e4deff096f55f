"""What the document of the API shows of resources: a synthetic meeting room, and a time for which it is closed."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.money import Money
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.resources import ResourceKind, ResourceUsage
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.bodies import AddResource, BlockResources, ChangeResource
from services.incubator.booking.occurrence import ReservedUnit
from services.incubator.booking.resource import Resource
from services.incubator.booking.views import (
    Availability,
    BlackoutView,
    ChangedResourceView,
    FreeResources,
    FreeTime,
    ResourceView,
)
from services.incubator.kernel.calendar import Terms
from services.incubator.kernel.opening import WeeklyHours
from services.incubator.kernel.quantity import Unit, UnitPrice
from services.incubator.sites.examples import SITE

WEEK: Final = [WeeklyHours(weekday=day, opens="08:00", closes="22:00") for day in range(1, 8)]
RATE: Final = UnitPrice(price="80", currency="CNY", per=Unit.HOUR)
TERMS: Final = Terms(min_minutes=30, buffer_after=15, cancel_minutes=120)
CAP: Final = Money(amount=40000, currency="CNY")

ROOM: Final = Resource(
    id="res_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    site_id=SITE.id,
    time_zone=SITE.time_zone,
    name="会议室一",
    kind=ResourceKind.ROOM,
    usage=ResourceUsage.BOOKABLE,
    units=1,
    capacity=10,
    area_hundredths=3200,
    opening=WEEK,
    exceptions=[],
    terms=TERMS,
    rate=RATE,
    price_cap_per_day=CAP,
)
BLACKOUT: Final = Blackout(
    id="blk_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    site_id=SITE.id,
    reason="投影设备维护",
    units=[ReservedUnit(resource_id=ROOM.id, unit=0, buffer_before=0, buffer_after=0)],
    start=parse_instant("2026-12-01T00:00:00Z"),
    end=parse_instant("2026-12-01T02:00:00Z"),
)

KEPT: Final[Sequence[Row]] = (SITE, ROOM, BLACKOUT)
BODIES: Final[Sequence[BaseModel]] = (
    AddResource(
        site_id=SITE.id,
        name=ROOM.name,
        kind=ROOM.kind,
        capacity=10,
        area_m2=32,
        opening=WEEK,
        terms=TERMS,
        rate=RATE,
        price_cap_per_day=CAP,
    ),
    ChangeResource(capacity=12),
    BlockResources(resource_ids=[ROOM.id], start=BLACKOUT.start, end=BLACKOUT.end, reason=BLACKOUT.reason),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    ResourceView.of(ROOM),
    ChangedResourceView.with_affected(ROOM, []),
    Availability(resource_id=ROOM.id, data=[FreeTime(start=BLACKOUT.start, end=BLACKOUT.end)]),
    FreeResources(data=[ResourceView.of(ROOM)]),
    BlackoutView.of(BLACKOUT),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
