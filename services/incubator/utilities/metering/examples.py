"""What the document of the API shows of service points, meters and readings: those of a synthetic business."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.incubator.meters import PointRole, ReadingSource, ReadingStatus
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.quantity import Quantity, Unit
from services.incubator.sites.examples import SITE
from services.incubator.tenants.examples import BUSINESS, DIGITS, OWNER
from services.incubator.utilities.metering.bodies import (
    CloseServicePoint,
    ExchangeMeter,
    InstallMeter,
    InstallNewMeter,
    OpenServicePoint,
    RecordReading,
    ReplacementMeter,
    SupersedeReading,
)
from services.incubator.utilities.metering.meter import Installation, Meter, MeterStatus
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Register
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.metering.views import MeterView, ReadingView, ServicePointView
from services.incubator.utilities.tariffs.examples import TARIFF

OPENED: Final = parse_instant("2026-06-30T16:00:00Z")
READ: Final = parse_instant("2026-07-31T16:00:00Z")
MOST: Final = Quantity.of(500, Unit.KILOWATT_HOUR)

POINT: Final = ServicePoint(
    id=f"svp_{DIGITS}",
    version=2,
    sequence=1,
    site_id=SITE.id,
    utility=Utility.ELECTRICITY,
    role=PointRole.SUPPLY,
    place="3-302",
    business_id=BUSINESS,
    partner_id=OWNER,
    area_hundredths=12_050,
    tariff_id=TARIFF.id,
    opened_on=OPENED.date(),
    meter_id=f"mtr_{DIGITS}",
)
METER: Final = Meter(
    id=f"mtr_{DIGITS}",
    version=2,
    sequence=1,
    serial="EX-20260001",
    utility=Utility.ELECTRICITY,
    dial=Register(digits=6, decimals=1, factor="40"),
    max_daily=MOST,
    installations=[Installation(service_point_id=POINT.id, since=OPENED)],
    business_id=BUSINESS,
    partner_id=OWNER,
    status=MeterStatus.INSTALLED,
)
READING: Final = Reading(
    id=f"rdg_{DIGITS}",
    version=1,
    sequence=1,
    meter_id=METER.id,
    installation=0,
    service_point_id=POINT.id,
    business_id=BUSINESS,
    partner_id=OWNER,
    at=READ,
    dial=1254,
    value="125.4",
    source=ReadingSource.ACTUAL,
    rollover=False,
    status=ReadingStatus.ACCEPTED,
)

KEPT: Final[Sequence[Row]] = (POINT, METER, READING)
BODIES: Final[Sequence[BaseModel]] = (
    OpenServicePoint(
        site_id=SITE.id,
        utility=Utility.ELECTRICITY,
        place=POINT.place,
        business_id=BUSINESS,
        tariff_id=TARIFF.id,
        area_m2=120.5,
        opened_on=POINT.opened_on,
    ),
    CloseServicePoint(closed_on=READ.date()),
    InstallNewMeter(
        serial=METER.serial,
        utility=Utility.ELECTRICITY,
        digits=6,
        decimals=1,
        factor="40",
        max_daily=MOST,
        service_point_id=POINT.id,
        at=OPENED,
        initial="000003.0",
    ),
    InstallMeter(service_point_id=POINT.id, at=READ, initial="125.4"),
    ExchangeMeter(
        at=READ,
        final="125.4",
        meter=ReplacementMeter(serial="EX-20260002", digits=6, decimals=1, factor="40", initial="3"),
    ),
    RecordReading(at=READ, value="000125.4"),
    SupersedeReading(value="124.4"),
)
ANSWERS: Final[Sequence[BaseModel]] = (ServicePointView.of(POINT), MeterView.of(METER), ReadingView.of(READING))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
