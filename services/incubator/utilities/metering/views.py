"""What callers see of service points, meters and readings."""

from collections.abc import Sequence
from typing import ClassVar, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View
from services.contracts.incubator.meters import (
    MeterId,
    PointRole,
    ReadingId,
    ReadingSource,
    ReadingStatus,
    ServicePointId,
)
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import TariffId, Utility
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.metering.meter import Installation, Meter, MeterStatus
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Flag, Register
from services.incubator.utilities.metering.service_point import PointStatus, ServicePoint


class ServicePointView(View):
    """A place of a site that takes water or electricity."""

    at: ClassVar[str] = "/v1/incubator/service-points"

    site_id: SiteId
    """The site that it is on."""
    utility: Utility
    """Water or electricity."""
    role: PointRole
    """Whether it supplies a business, or is the one through which all of the site is supplied."""
    place: str
    """Where on the site."""
    resource_id: ResourceId | None
    """The room or desk of the site that it is in; null where it is in none."""
    business_id: BusinessId | None
    """Whom it supplies; null where it is the main one."""
    tariff_id: TariffId | None
    """By what it is billed; null where it is the main one."""
    area_m2: float | None
    """Its floor area, by which common consumption is divided; null where it is the main one."""
    opened_on: Day
    """The first day on which it is supplied."""
    closed_on: Day | None
    """The last day, included; null while it is open."""
    status: PointStatus
    """Whether it is supplied."""
    suspended_at: Instant | None
    """Since when it is cut off; null while it is not."""
    meter_id: MeterId | None
    """The meter that is installed; null while none is."""
    final_reading_requested_on: Day | None
    """Since when that meter is to be read for the last time, as the business leaves; null where it is not."""
    billed_through: Day | None
    """The last day that it was billed for; null while it never was."""

    @classmethod
    def of(cls, point: ServicePoint) -> Self:
        return cls.showing(point)


class MeterView(View):
    """A meter."""

    at: ClassVar[str] = "/v1/incubator/meters"

    serial: str
    """What is engraved on it."""
    utility: Utility
    """Water or electricity."""
    dial: Register
    """What its dial can show: how many digits, after which it begins at zero again."""
    max_daily: Quantity | None
    """What can be consumed in a day at most; null where nobody knows."""
    status: MeterStatus
    """Whether it measures now."""
    installations: Sequence[Installation]
    """Where it has measured, the first one first."""
    business_id: BusinessId | None
    """Whose consumption it measures, or did last; null of a main meter."""

    @classmethod
    def of(cls, meter: Meter) -> Self:
        return cls.showing(meter)


class ReadingView(View):
    """What a meter showed at a moment."""

    at: ClassVar[str] = "/v1/incubator/readings"

    meter_id: MeterId
    """The meter that was read."""
    service_point_id: ServicePointId
    """Where it measured then."""
    read_at: Instant
    """When somebody looked, or the moment that an estimate is of."""
    value: str
    """What the dial showed, with all of its decimals."""
    source: ReadingSource
    """Where it comes from."""
    rollover: bool
    """Whether the dial went past its largest number since the reading before."""
    status: ReadingStatus
    """Whether it counts."""
    flag: Flag | None
    """What looks wrong with it; null where nothing does."""
    supersedes: ReadingId | None
    """The wrong reading whose place it took; null where there was none."""
    superseded_by: ReadingId | None
    """The reading that took its place; null while none did."""

    @classmethod
    def of(cls, reading: Reading) -> Self:
        return cls.showing(reading, read_at=reading.at)
