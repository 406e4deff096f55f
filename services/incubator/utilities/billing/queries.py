"""What a billing run reads of a site, and how paths name bills and runs and lists filter them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Path

from services.chassis.background.job import Job
from services.chassis.domain.ids import id_of
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.meters import PointRole, ReadingSource, ReadingStatus, ServicePointId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import Utility
from services.contracts.incubator.utility_bills import UtilityBillId
from services.contracts.registry.businesses import BusinessId
from services.incubator.departures.departure import ToCome
from services.incubator.kernel.period import Period, PeriodText
from services.incubator.utilities.billing.curve import Boundary, Curve, Segment
from services.incubator.utilities.billing.drafting import Known
from services.incubator.utilities.billing.run import BillingRun
from services.incubator.utilities.billing.utility_bill import BillStatus, UtilityBill, bill_id
from services.incubator.utilities.metering.meter import Meter
from services.incubator.utilities.metering.queries import points_of_business
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.service_point import ServicePoint

LOOKED_BACK: Final = timedelta(days=3 * 366)
"""How long before a month readings are looked at: as far back corrections reach."""
LATE: Final = timedelta(days=92)
"""For how long after its last day a service point that is closed gets corrections."""
MOST: Final = 10_000
"""Of one kind, of one service point."""

UtilityBillRef = Annotated[UtilityBillId, Path(description="The bill, by its id.")]
BillingRunRef = Annotated[Annotated[str, id_of("brn")], Path(description="The billing run, by its id.")]


class UtilityBillFilter(Filter):
    """By whom and what they are for, and whether they are final."""

    business_id: BusinessId | None = None
    """Whom they are for."""
    service_point_id: ServicePointId | None = None
    """The service point that they are of."""
    site_id: SiteId | None = None
    """The site that it is on."""
    utility: Utility | None = None
    """Water or electricity."""
    period: PeriodText | None = None
    """The month, `YYYY-MM`."""
    status: BillStatus | None = None
    """Whether they are final."""


class CommonConsumptionFilter(Filter):
    """By where, what and when."""

    site_id: SiteId | None = None
    """The site."""
    utility: Utility | None = None
    """Water or electricity."""
    period: PeriodText | None = None
    """The month, `YYYY-MM`."""


class BillingRunFilter(Filter):
    """By the month that they bill."""

    period: PeriodText | None = None
    """The month, `YYYY-MM`."""


async def points_of(site_id: str, utility: Utility, role: PointRole, period: Period, tx: Tx) -> list[ServicePoint]:
    """The service points of a site that were held in a month, or were closed not long before it."""
    first, last = period.days
    where = {
        "site_id": site_id,
        "utility": utility,
        "role": role,
        "opened_on": {"$lte": last},
        "$or": [{"closed_on": None}, {"closed_on": {"$gte": first - LATE}}],
    }
    return await tx.select(ServicePoint, where, limit=MOST)


async def known_of(point: ServicePoint, period: Period, tx: Tx) -> Known:
    """What is known of a service point as a month is billed."""
    of_it = {"service_point_id": point.id}
    earlier = await tx.select(UtilityBill, {**of_it, "period": {"$lt": period.text}}, sort=[("period", -1)], limit=40)
    bill = await tx.find(UtilityBill, bill_id(point.id, period.text))
    billed = [each.measured.end for each in earlier if each.measured]
    return Known(point, await curve_of(point, period, tx, billed), list(reversed(earlier)), bill)


async def curve_of(point: ServicePoint, period: Period, tx: Tx, billed: Sequence[Boundary] = ()) -> Curve:
    """The consumption curve of a service point, as far as a bill of that month needs it."""
    meters = await tx.select(Meter, {"installations.service_point_id": point.id}, limit=MOST)
    since = period.days.ends_at - LOOKED_BACK
    readings = await tx.select(
        Reading,
        {
            "service_point_id": point.id,
            "at": {"$gte": since},
            "status": {"$in": [ReadingStatus.ACCEPTED.value, ReadingStatus.SUPERSEDED.value]},
        },
        sort=[("at", 1), ("_id", 1)],
        limit=MOST,
    )
    segments = sorted(_segments(meters, readings, point.id), key=lambda segment: segment.since)
    superseded = {each.id: each.superseded_by for each in readings if each.superseded_by}
    return Curve([segment for segment in segments if segment.readings], superseded, billed)


def _segments(meters: Sequence[Meter], readings: Sequence[Reading], point_id: str) -> list[Segment]:
    counting = [each for each in readings if each.status is ReadingStatus.ACCEPTED and _is_actual(each)]
    return [
        Segment(
            meter_id=meter.id,
            installation=place,
            register=meter.dial,
            since=each.since,
            until=each.until,
            readings=[look for look in counting if (look.meter_id, look.installation) == (meter.id, place)],
        )
        for meter in meters
        for place, each in enumerate(meter.installations)
        if each.service_point_id == point_id
    ]


def _is_actual(reading: Reading) -> bool:
    return reading.source is not ReadingSource.ESTIMATED


async def job_of(run: BillingRun, tx: Tx) -> Job:
    """The job that does a run's work; whoever sees the run sees how it goes."""
    return await tx.get(Job, run.job_id)


async def unbilled(business_id: str, tx: Tx) -> list[ToCome]:
    """What has still to happen before the last utility bill of a business that leaves is charged.

    Each service point that ever had a meter is read for the last time, closed, and billed to that day.
    """
    points = {each.id: each for each in await points_of_business(business_id, tx)}
    metered = await tx.select(Meter, {"installations.service_point_id": {"$in": list(points)}}, limit=MOST)
    ever = {each.service_point_id for meter in metered for each in meter.installations}
    drafts = {"service_point_id": {"$in": list(points)}, "status": BillStatus.DRAFT}
    bills = await tx.select(UtilityBill, drafts, limit=MOST)
    to_come = [ToCome(task="utility_bill", id=each.id) for each in bills]
    drafted = {each.service_point_id for each in bills}
    for point in (points[id] for id in sorted(points.keys() & ever)):
        if point.closed_on is None:
            to_come.append(ToCome(task="final_reading" if point.meter_id else "closing", id=point.id))
        elif point.meter_id:
            to_come.append(ToCome(task="final_reading", id=point.id))
        elif point.id not in drafted and (point.billed_through is None or point.billed_through < point.closed_on):
            to_come.append(ToCome(task="utility_bill", id=point.id))
    return to_come
