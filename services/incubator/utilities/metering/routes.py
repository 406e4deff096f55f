"""Service points, meters and their readings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.incubator.meters import PointRole, ReadingSource
from services.incubator.booking.queries import resource_of_site
from services.incubator.callers import Member, Reader, Staff
from services.incubator.kernel.area import hundredths
from services.incubator.sites.queries import site_named
from services.incubator.tenants.queries import TRADING, trading_tenant
from services.incubator.utilities.metering import effects
from services.incubator.utilities.metering.bodies import (
    CloseServicePoint,
    ExchangeMeter,
    InstallMeter,
    InstallNewMeter,
    OpenServicePoint,
    RecordReading,
    SupersedeReading,
)
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.queries import (
    MeterFilter,
    MeterRef,
    ReadingFilter,
    ReadingRef,
    ServicePointFilter,
    ServicePointRef,
    service_point_named,
)
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.register import Register
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.metering.views import MeterView, ReadingView, ServicePointView
from services.incubator.utilities.tariffs.queries import tariff_named
from services.incubator.utilities.tariffs.tariff import UNITS

ON_DIAL = ("in_the_future", "exceeds_register", "too_many_decimals")
ON_READING = (
    *(*ON_DIAL, "reading_below_previous", "reading_above_next", "before_installation", "meter_removed"),
    *("service_point_closed", "reading_exists", "later_readings_exist", "invalid_transition"),
)
ON_INSTALLATION = (*ON_DIAL, "meter_present", "before_opening", "utility_mismatch", "invalid_transition")

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


# service points


@router.post("/service-points", status_code=201)
@refuses(
    *(*TRADING, "site_unknown", "resource_unknown", "resources_of_two_sites"),
    *("tariff_unknown", "utility_mismatch", "main_point_exists"),
)
async def open_service_point(body: OpenServicePoint, staff: Staff, tx: InTx) -> ServicePointView:
    """Supply a place with water or electricity from a day on."""
    await site_named(body.site_id, tx)
    if body.resource_id is not None:
        await resource_of_site(body.resource_id, body.site_id, tx)
    owner = (await trading_tenant(body.business_id, tx)).partner_id if body.business_id else staff.partner_id
    if body.tariff_id is not None:
        await tariff_named(body.tariff_id, body.utility, tx)
    said = body.model_dump(exclude={"area_m2"})
    said["area_hundredths"] = 0 if body.area_m2 is None else hundredths(body.area_m2)
    point = ServicePoint.open(**said, partner_id=owner)
    if point.role is PointRole.MAIN:
        there = Conflict("The site has a main service point already.", code="main_point_exists")
        tx.claim(point.main_key, point.id, taken=there)
    return ServicePointView.of(tx.save(point))


@router.get("/service-points")
async def list_service_points(
    asked: Annotated[ServicePointFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ServicePointView]:
    """The service points, oldest first; a partner sees those of its businesses."""
    return await page.of(tx, ServicePoint, asked.where(), ServicePointView.of)


@router.get("/service-points/{service_point_id}")
async def see_service_point(service_point_id: ServicePointRef, reader: Reader, tx: InTx) -> ServicePointView:
    """One service point."""
    return ServicePointView.of(await tx.visible(ServicePoint, service_point_id))


@router.post("/service-points/{service_point_id}/suspend")
@refuses("invalid_transition")
async def suspend_service_point(
    service_point_id: ServicePointRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ServicePointView:
    """Cut a place off for a while. What its meter shows to be taken since then is reviewed; it is billed as before."""
    point = await tx.visible(ServicePoint, service_point_id)
    point.suspend(at=tx.now)
    return ServicePointView.of(tx.save(point))


@router.post("/service-points/{service_point_id}/resume")
@refuses("invalid_transition")
async def resume_service_point(
    service_point_id: ServicePointRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ServicePointView:
    """Supply a place again that was cut off."""
    point = await tx.visible(ServicePoint, service_point_id)
    point.resume()
    return ServicePointView.of(tx.save(point))


@router.post("/service-points/{service_point_id}/close")
@refuses("in_the_future", "closes_before_it_opens", "invalid_transition", "period_billed")
async def close_service_point(
    service_point_id: ServicePointRef, body: CloseServicePoint, staff: Staff, tx: InTx
) -> ServicePointView:
    """End the supply of a business at a place. The last bill is made of its meter's final reading."""
    point = await tx.visible(ServicePoint, service_point_id)
    point.close(on=body.closed_on, today=zone_date(tx.now))
    if point.role is PointRole.MAIN:
        tx.release(point.main_key, point.id)
    return ServicePointView.of(tx.save(point))


# meters


@router.post("/meters", status_code=201)
@refuses(*ON_INSTALLATION, "service_point_unknown", "serial_taken")
async def install_new_meter(body: InstallNewMeter, staff: Staff, tx: InTx) -> MeterView:
    """Install a meter that the zone has not had before."""
    point = await service_point_named(body.service_point_id, tx)
    meter = _new(Meter.of(serial=body.serial, utility=body.utility, dial=_dial_of(body), max_daily=body.max_daily), tx)
    await effects.install(meter, point, at=body.at, initial=body.initial, tx=tx)
    return MeterView.of(meter)


@router.get("/meters")
async def list_meters(
    asked: Annotated[MeterFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[MeterView]:
    """The meters, oldest first; a partner sees those that measure for its businesses, or did last."""
    return await page.of(tx, Meter, asked.where(), MeterView.of)


@router.get("/meters/{meter_id}")
async def see_meter(meter_id: MeterRef, reader: Reader, tx: InTx) -> MeterView:
    """One meter."""
    return MeterView.of(await tx.visible(Meter, meter_id))


@router.post("/meters/{meter_id}/install")
@refuses(*ON_INSTALLATION, "service_point_unknown", "before_removal")
async def install_meter(meter_id: MeterRef, body: InstallMeter, staff: Staff, tx: InTx) -> MeterView:
    """Install a meter again that was removed: at another place, or at the same for a successor."""
    meter = await tx.visible(Meter, meter_id)
    point = await service_point_named(body.service_point_id, tx)
    await effects.install(meter, point, at=body.at, initial=body.initial, tx=tx)
    return MeterView.of(meter)


@router.post("/meters/{meter_id}/exchange", status_code=201)
@refuses(*ON_READING, *ON_INSTALLATION, "serial_taken", "unit_mismatch")
async def exchange_meter(meter_id: MeterRef, body: ExchangeMeter, staff: Staff, tx: InTx) -> MeterView:
    """Exchange a meter; answers the new one. What was consumed is the sum of what both measured."""
    old, new = await tx.visible(Meter, meter_id), body.meter
    if new.max_daily and new.max_daily.unit is not UNITS[old.utility]:
        refuse(Violation("unit_mismatch", "This utility is measured in another unit.", ("meter", "max_daily")))
    meter = _new(Meter.of(serial=new.serial, utility=old.utility, dial=_dial_of(new), max_daily=new.max_daily), tx)
    said = effects.Said(body.at, body.final, ReadingSource.FINAL, body.rollover, place="final")
    await effects.exchange(old, meter, said, initial=new.initial, tx=tx)
    return MeterView.of(meter)


# readings


@router.post("/meters/{meter_id}/readings", status_code=201)
@refuses(*ON_READING, "source_not_allowed")
async def record_reading(
    meter_id: MeterRef, body: RecordReading, member: Member, tx: InTx, response: Response
) -> ReadingView:
    """Say what a meter showed at a moment, in any order. What was said before answers 200 with the reading there is.

    Somebody looks at it before it counts (`under_review`) where it is more than `max_daily` for each day, or a rollover
    that cannot be judged so."""
    meter = await tx.visible(Meter, meter_id)
    source = body.source_of(official=member.is_official)
    if not member.is_official and source is not ReadingSource.CUSTOMER:
        refuse(Violation("source_not_allowed", "A business sends readings of its own.", ("source",)))
    said = effects.Said(body.at, body.value, source, body.rollover)
    reading = await effects.take_reading(meter, said, tx, for_partner=None if member.is_official else member.partner_id)
    if not reading.recorded:
        response.status_code = 200
    return ReadingView.of(reading)


@router.get("/meters/{meter_id}/readings")
async def list_readings_of_meter(meter_id: MeterRef, reader: Reader, tx: InTx, page: InPage) -> Page[ReadingView]:
    """The readings of a meter, as they were recorded; a partner sees those of its businesses."""
    meter = await tx.visible(Meter, meter_id)
    return await page.of(tx, Reading, {"meter_id": meter.id}, ReadingView.of)


@router.get("/readings")
async def list_readings(
    asked: Annotated[ReadingFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[ReadingView]:
    """The readings, as they were recorded: those under review, or those of one service point."""
    return await page.of(tx, Reading, asked.where(), ReadingView.of)


@router.get("/readings/{reading_id}")
async def see_reading(reading_id: ReadingRef, reader: Reader, tx: InTx) -> ReadingView:
    """One reading."""
    return ReadingView.of(await tx.visible(Reading, reading_id))


@router.post("/readings/{reading_id}/confirm")
@refuses("invalid_transition", "reading_does_not_fit")
async def confirm_reading(reading_id: ReadingRef, staff: Staff, tx: InTx, body: Nothing | None = None) -> ReadingView:
    """Confirm a reading that is under review: it is right, and counts from now on."""
    reading = await tx.visible(Reading, reading_id)
    await effects.confirm(reading, tx)
    return ReadingView.of(reading)


@router.post("/readings/{reading_id}/supersede", status_code=201)
@refuses(*ON_DIAL, "reading_below_previous", "reading_above_next", "invalid_transition")
async def supersede_reading(reading_id: ReadingRef, body: SupersedeReading, staff: Staff, tx: InTx) -> ReadingView:
    """Correct a reading by another one of the same moment; answers that one. What was billed by it is corrected once,
    on the next bill."""
    reading = await tx.visible(Reading, reading_id)
    return ReadingView.of(await effects.supersede(reading, value=body.value, rollover=body.rollover, tx=tx))


def _dial_of(body: Register) -> Register:
    return Register(digits=body.digits, decimals=body.decimals, factor=body.factor)


def _new(meter: Meter, tx: InTx) -> Meter:
    taken = Conflict("Another meter of this utility has this serial number.", code="serial_taken")
    tx.claim(meter.key, meter.id, taken=taken)
    return meter
