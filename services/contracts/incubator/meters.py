"""What the incubator tells of service points, meters and their readings: to whom they belong, and to the zone."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import METERS, Utility
from services.contracts.registry.businesses import BusinessId

ServicePointId = Annotated[str, id_of("svp")]
MeterId = Annotated[str, id_of("mtr")]
ReadingId = Annotated[str, id_of("rdg")]


class PointRole(StrEnum):
    """What a service point is for."""

    SUPPLY = "supply"
    """It supplies a business."""
    MAIN = "main"
    """All of a site is supplied through it; it is the zone's own."""


class ReadingSource(StrEnum):
    """Where a reading comes from."""

    ACTUAL = "actual"
    """Read off by the zone."""
    CUSTOMER = "customer"
    """Read off by the business."""
    ESTIMATED = "estimated"
    """Nobody looked: a billing run estimated it."""
    INITIAL = "initial"
    """What the dial showed as the meter was installed."""
    FINAL = "final"
    """What it showed as the meter was removed."""


class ReadingStatus(StrEnum):
    """Whether a reading counts."""

    ACCEPTED = "accepted"
    UNDER_REVIEW = "under_review"
    SUPERSEDED = "superseded"


class PointEvent(Event):
    """What every event of a service point says; no business where it is the zone's own."""

    service_point_id: ServicePointId
    business_id: BusinessId | None
    site_id: SiteId
    utility: Growing[Utility]


class ServicePointOpened(PointEvent, name="zone.incubator.service_point.opened.v1", topic=METERS, audience="owner"):
    """A place is supplied with water or electricity, from a day on."""

    role: Growing[PointRole]
    opened_on: Day
    resource_id: ResourceId | None = None


class ServicePointSuspended(
    PointEvent, name="zone.incubator.service_point.suspended.v1", topic=METERS, audience="owner"
):
    """A place is cut off for a while: nothing should be taken there."""


class ServicePointResumed(PointEvent, name="zone.incubator.service_point.resumed.v1", topic=METERS, audience="owner"):
    """A place that was cut off is supplied again."""


class ServicePointClosed(PointEvent, name="zone.incubator.service_point.closed.v1", topic=METERS, audience="owner"):
    """A place is no longer supplied for this business; its last day, included. Its final reading is asked for."""

    closed_on: Day


class FinalReadingRequested(
    PointEvent, name="zone.incubator.final_reading.requested.v1", topic=METERS, audience="owner"
):
    """The business of a service point leaves, and its meter is to be read for the last time."""

    requested_on: Day


class MeterEvent(Event):
    """What every event of a meter says; no business where the service point is the zone's own."""

    meter_id: MeterId
    service_point_id: ServicePointId
    business_id: BusinessId | None


class MeterInstalled(MeterEvent, name="zone.incubator.meter.installed.v1", topic=METERS, audience="owner"):
    """A meter measures what a service point takes."""

    installed_at: Instant


class MeterExchanged(MeterEvent, name="zone.incubator.meter.exchanged.v1", topic=METERS, audience="owner"):
    """A meter gave way to another one."""

    replaced_by: MeterId
    exchanged_at: Instant


class MeterRemoved(MeterEvent, name="zone.incubator.meter.removed.v1", topic=METERS, audience="owner"):
    """A meter had its final reading at a service point, and measures there no longer."""

    removed_at: Instant


class ReadingEvent(MeterEvent):
    """What every event of a reading says."""

    reading_id: ReadingId


class ReadingRecorded(ReadingEvent, name="zone.incubator.reading.recorded.v1", topic=METERS, audience="owner"):
    """What a meter showed, or is thought to have shown, is known."""

    read_at: Instant
    value: str
    source: Growing[ReadingSource]
    status: Growing[ReadingStatus]


class ReadingFlagged(ReadingEvent, name="zone.incubator.reading.flagged.v1", topic=METERS, audience="owner"):
    """A reading looks wrong."""

    flag: str


class ReadingConfirmed(ReadingEvent, name="zone.incubator.reading.confirmed.v1", topic=METERS, audience="owner"):
    """A reading that was under review counts."""


class ReadingSuperseded(ReadingEvent, name="zone.incubator.reading.superseded.v1", topic=METERS, audience="owner"):
    """A reading was wrong, and another one took its place."""

    superseded_by: ReadingId
