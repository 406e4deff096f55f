"""How paths and bodies name service points, meters and readings, and the filters of their lists."""

from typing import Annotated, Any, Final

from fastapi import Path

from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
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
from services.contracts.incubator.tariffs import Utility
from services.contracts.registry.businesses import BusinessId
from services.incubator.utilities.metering.meter import MeterStatus
from services.incubator.utilities.metering.service_point import PointStatus, ServicePoint

MOST_POINTS: Final = 1_000
"""Service points that one business ever had."""

ServicePointRef = Annotated[ServicePointId, Path(description="The service point, by its id.")]
MeterRef = Annotated[MeterId, Path(description="The meter, by its id.")]
ReadingRef = Annotated[ReadingId, Path(description="The reading, by its id.")]


class ServicePointFilter(Filter):
    """By where they are, what they take, whom they supply and whether they do."""

    site_id: SiteId | None = None
    """The site that they are on."""
    utility: Utility | None = None
    """Water or electricity."""
    role: PointRole | None = None
    """Whether they supply a business or the whole site."""
    resource_id: ResourceId | None = None
    """The room or desk that they are in."""
    business_id: BusinessId | None = None
    """Whom they supply."""
    status: PointStatus | None = None
    """Whether they are supplied now."""
    awaits_final_reading: bool | None = None
    """Whether somebody is to read their meter for the last time, as their business leaves."""

    def where(self) -> dict[str, Any]:
        where = super().where()
        awaits = where.pop("awaits_final_reading", None)
        return where if awaits is None else where | {"final_reading_requested_on": {"$ne": None} if awaits else None}


class MeterFilter(Filter):
    """By what is engraved on them, what they measure and where they did."""

    stored_as = {"service_point_id": "installations.service_point_id"}  # noqa: RUF012 – a class attribute of the base

    serial: Annotated[str, Text(at_most=50)] | None = None
    """What is engraved on them."""
    utility: Utility | None = None
    """Water or electricity."""
    status: MeterStatus | None = None
    """Whether they measure now."""
    service_point_id: ServicePointId | None = None
    """Where they measure, or did."""


class ReadingFilter(Filter):
    """By where they were taken, where they come from, and whether they count."""

    service_point_id: ServicePointId | None = None
    """Where."""
    source: ReadingSource | None = None
    """Where they come from."""
    status: ReadingStatus | None = None
    """Whether they count."""


async def service_point_named(service_point_id: str, tx: Tx) -> ServicePoint:
    """The service point that a member `service_point_id` of a body names. Raises Unprocessable."""
    point = await tx.find(ServicePoint, service_point_id)
    if point is None:
        detail = "There is no such service point."
        refuse(Violation("service_point_unknown", detail, ("service_point_id",)))
    assert point is not None
    return point


async def points_of_business(business_id: str, tx: Tx) -> list[ServicePoint]:
    """All service points that a business has or had, oldest first."""
    return await tx.select(ServicePoint, {"business_id": business_id}, limit=MOST_POINTS)
