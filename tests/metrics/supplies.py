"""What the incubator tells of water and electricity: service points, and what they took."""

from typing import Final

from services.chassis.testing.moments import day
from services.contracts.incubator.meters import PointRole, ServicePointClosed, ServicePointOpened
from services.contracts.incubator.tariffs import Utility
from services.contracts.incubator.utility_bills import Consumption, ConsumptionRated
from tests.metrics.happenings import business, id_of, told_by

UNITS: Final = {Utility.WATER: "m3", Utility.ELECTRICITY: "kWh"}


def rated(
    starts_on: str,
    ends_on: str,
    value: str,
    *,
    point: int = 1,
    site: int = 1,
    utility: Utility = Utility.WATER,
    bill: int = 1,
    period: str | None = None,
    sequence: int = 1,
) -> ConsumptionRated:
    event = ConsumptionRated(
        bill_id=id_of("ubl", bill),
        service_point_id=id_of("svp", point),
        business_id=business(point),
        site_id=id_of("sit", site),
        utility=utility,
        period=period,
        starts_on=day(starts_on),
        ends_on=day(ends_on),
        quantity=Consumption(value=value, unit=UNITS[utility]),
    )
    return told_by(id_of("ubl", bill), event, sequence)


def opened(
    point: int,
    on: str,
    *,
    tenant: int | None = None,
    utility: Utility = Utility.WATER,
    role: PointRole = PointRole.SUPPLY,
) -> ServicePointOpened:
    event = ServicePointOpened(
        service_point_id=id_of("svp", point),
        business_id=None if role is PointRole.MAIN else business(tenant or point),
        site_id=id_of("sit", 1),
        utility=utility,
        role=role,
        opened_on=day(on),
    )
    return told_by(id_of("svp", point), event)


def closed(point: int, on: str, *, tenant: int | None = None, utility: Utility = Utility.WATER) -> ServicePointClosed:
    event = ServicePointClosed(
        service_point_id=id_of("svp", point),
        business_id=business(tenant or point),
        site_id=id_of("sit", 1),
        utility=utility,
        closed_on=day(on),
    )
    return told_by(id_of("svp", point), event, 2)
