"""Sites full of meters, each read at the beginning and near the end of every month."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from deploy.bench.incubator.scene import PARTNER, insert, site
from services.chassis.store.mongo import MongoStore
from services.contracts.incubator.meters import PointRole, ReadingSource
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.period import Period
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Judgement, Look, Register
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.examples import TARIFF

A_MONTHS_DIAL: Final = 120


async def metered(
    store: MongoStore, points: int, periods: Sequence[Period], businesses: Sequence[str], sites: int
) -> None:
    """So many service points with their meters and readings, spread over sites and businesses."""
    await insert(store, [TARIFF])
    places = [await site(store) for _ in range(sites)]
    opened = [
        ServicePoint.open(
            site_id=places[number % sites].id,
            utility=Utility.ELECTRICITY,
            role=PointRole.SUPPLY,
            place=str(number),
            business_id=businesses[number % len(businesses)],
            partner_id=PARTNER,
            area_hundredths=1_000,
            tariff_id=TARIFF.id,
            opened_on=periods[0].days.first,
        )
        for number in range(points)
    ]
    meters = [_meter(number, point) for number, point in enumerate(opened)]
    await insert(store, opened)
    await insert(store, meters)
    pairs = zip(meters, opened, strict=True)
    await insert(store, [each for meter, point in pairs for each in _readings(meter, point, periods)])


def _meter(number: int, point: ServicePoint) -> Meter:
    dial = Register(digits=6)
    meter = Meter.of(serial=f"B-{number}", utility=point.utility, dial=dial, max_daily=None)
    meter.install(point, at=point.begins_at)
    point.connect(meter.id, at=point.begins_at)
    return meter


def _readings(meter: Meter, point: ServicePoint, periods: Sequence[Period]) -> Iterator[Reading]:
    looks = [Look(point.begins_at, 0, False)]
    looks += [
        Look(period.days.ends_at - timedelta(hours=4), number * A_MONTHS_DIAL, False)
        for number, period in enumerate(periods, start=1)
    ]
    for look in looks:
        source = ReadingSource.ACTUAL if look.dial else ReadingSource.INITIAL
        yield Reading.of(meter, point, look, installation=0, source=source, judgement=Judgement())
