"""What a billing run reads of a site, and how paths name bills and runs and lists filter them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final, NamedTuple

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
"""Of one kind, of one service point or of those that are read together."""
TOGETHER: Final = 100
"""Service points of which everything is read at once: what each took in three years are a few dozen readings."""

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


async def known_of(points: Sequence[ServicePoint], period: Period, tx: Tx) -> list[Known]:
    """What is known of service points as a month is billed, in their order; many are read together."""
    starts = range(0, len(points), TOGETHER)
    return [known for start in starts for known in await _known_of(points[start : start + TOGETHER], period, tx)]


async def _known_of(points: Sequence[ServicePoint], period: Period, tx: Tx) -> list[Known]:
    looked_at = await _looked_at([each.id for each in points], period, tx)
    if len(looked_at.readings) == MOST and len(points) > 1:  # there are more: of fewer points they fit
        half = len(points) // 2
        return [*await _known_of(points[:half], period, tx), *await _known_of(points[half:], period, tx)]
    since = (period.days.first - LOOKED_BACK).isoformat()[:7]
    of_them = {"service_point_id": {"$in": [each.id for each in points]}}
    months = {"period": {"$gte": since, "$lt": period.text}}
    bills = await tx.select(UtilityBill, of_them | months, sort=[("service_point_id", 1), ("period", 1)], limit=MOST)
    await tx.load(UtilityBill, [bill_id(each.id, period.text) for each in points])
    found = []
    for point in points:
        earlier = [each for each in bills if each.service_point_id == point.id]
        billed = [each.measured.end for each in earlier if each.measured]
        bill = await tx.find(UtilityBill, bill_id(point.id, period.text))
        found.append(Known(point, looked_at.curve_of(point.id, billed), earlier, bill))
    return found


async def curve_of(point: ServicePoint, period: Period, tx: Tx) -> Curve:
    """The consumption curve of a service point, as far as a bill of that month needs it."""
    return (await _looked_at([point.id], period, tx)).curve_of(point.id)


class LookedAt(NamedTuple):
    """The meters of some service points, and their readings in the order of time."""

    meters: Sequence[Meter]
    readings: Sequence[Reading]

    def curve_of(self, point_id: str, billed: Sequence[Boundary] = ()) -> Curve:
        """The consumption curve of one of them."""
        readings = [each for each in self.readings if each.service_point_id == point_id]
        segments = sorted(_segments(self.meters, readings, point_id), key=lambda segment: segment.since)
        superseded = {each.id: each.superseded_by for each in readings if each.superseded_by}
        return Curve([segment for segment in segments if segment.readings], superseded, billed)


async def _looked_at(point_ids: Sequence[str], period: Period, tx: Tx) -> LookedAt:
    meters = await tx.select(Meter, {"installations.service_point_id": {"$in": point_ids}}, limit=MOST)
    readings = await tx.select(
        Reading,
        {
            "service_point_id": {"$in": point_ids},
            "at": {"$gte": period.days.ends_at - LOOKED_BACK},
            "status": {"$in": [ReadingStatus.ACCEPTED.value, ReadingStatus.SUPERSEDED.value]},
        },
        sort=[("service_point_id", 1), ("at", 1), ("_id", 1)],
        limit=MOST,
    )
    return LookedAt(meters, readings)


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
