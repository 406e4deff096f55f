"""What staff and businesses send of service points, meters and readings."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day, Instant
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.incubator.meters import PointRole, ReadingSource, ServicePointId
from services.contracts.incubator.resources import ResourceId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import TariffId, Utility
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.area import SquareMetres
from services.incubator.kernel.period import OfOurTime
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.metering.register import DialText, Register
from services.incubator.utilities.tariffs.tariff import UNITS

Place = Annotated[str, Text(at_most=100)]
Serial = Annotated[str, Text(at_most=50)]
InUtility = Annotated[Utility, Field(strict=False)]


def _by_role(value: Any, before: Before) -> Iterator[Violation]:
    role = before.get("role")
    if role is PointRole.SUPPLY and value is None:
        yield Violation("missing", "A service point that supplies a business says this.")
    if role is PointRole.MAIN and value is not None:
        yield Violation("not_of_a_main_point", "The main service point of a site is nobody's.")


def _in_the_utilitys_unit(most: Quantity | None, before: Before) -> Iterator[Violation]:
    if most and "utility" in before and most.unit is not UNITS[before["utility"]]:
        yield Violation("unit_mismatch", "This utility is measured in another unit.")


ByRole = cross_rule(_by_role, "missing", "not_of_a_main_point")
OfSupply = Field(default=None, validate_default=True)


class OpenServicePoint(Part):
    """A place that is to be supplied."""

    site_id: SiteId
    """The site that it is on."""
    utility: InUtility
    """Water or electricity."""
    role: Annotated[PointRole, Field(strict=False)] = PointRole.SUPPLY
    """Whether it supplies a business, or is the one through which all of the site is supplied."""
    place: Place
    """Where on the site; a successor takes over the same place."""
    resource_id: ResourceId | None = None
    """The room or desk of the site that it is in; null where it is in none."""
    business_id: Annotated[BusinessId | None, ByRole] = OfSupply
    """Whom it supplies; none where it is the main one."""
    tariff_id: Annotated[TariffId | None, ByRole] = OfSupply
    """By what it is billed; none where it is the main one."""
    area_m2: Annotated[SquareMetres | None, ByRole] = OfSupply
    """Its floor area, by which common consumption is divided; none where it is the main one."""
    opened_on: Annotated[Day, OfOurTime]
    """The first day on which it is supplied."""


class CloseServicePoint(Part):
    """A place that is no longer supplied for its business."""

    closed_on: Day
    """The last day, included; not to come."""


class ReplacementMeter(Register):
    """The meter that takes the place of another."""

    serial: Serial
    """What is engraved on it."""
    initial: DialText
    """What it shows as it begins; it need not be 0."""
    max_daily: Quantity | None = None
    """What can be consumed in a day at most: readings above it are reviewed. Null where nobody knows."""


class InstallNewMeter(Register):
    """A meter that is to measure at a service point."""

    serial: Serial
    """What is engraved on it; no other meter of its utility has the same."""
    utility: InUtility
    """Water or electricity."""
    max_daily: Annotated[Quantity | None, cross_rule(_in_the_utilitys_unit, "unit_mismatch")] = None
    """What can be consumed in a day at most: readings above it are reviewed. Null where nobody knows."""
    service_point_id: ServicePointId
    """Where it measures."""
    at: Instant
    """From when on."""
    initial: DialText
    """What it shows as it begins; it need not be 0."""


class InstallMeter(Part):
    """A meter that was removed and is to measure again."""

    service_point_id: ServicePointId
    """Where it measures from now on."""
    at: Instant
    """From when on."""
    initial: DialText
    """What it shows as it begins."""


class ExchangeMeter(Part):
    """Another meter in the place of one: its final reading and the initial one of the other, at one moment."""

    at: Instant
    """The moment of the exchange: the old meter's last reading and the new one's first."""
    final: DialText
    """What the old one shows."""
    rollover: bool = False
    """Whether its dial went past its largest number since it was read before."""
    meter: ReplacementMeter
    """The new one; it measures the same utility."""


class RecordReading(Part):
    """What a meter showed at a moment."""

    at: Instant
    """When somebody looked; not to come."""
    value: DialText
    """What the dial showed, with all of its digits or without leading zeros."""
    rollover: bool = False
    """Whether the dial went past its largest number since the reading before."""
    source: Literal["actual", "customer", "final"] | None = None
    """Who looked: the zone (`actual`), the business (`customer`), or whoever removed the meter (`final`). Left out, it
    follows from who sends it; a business sends its own only."""

    def source_of(self, *, official: bool) -> ReadingSource:
        """Where it comes from."""
        usual = ReadingSource.ACTUAL if official else ReadingSource.CUSTOMER
        return ReadingSource(self.source) if self.source else usual


class SupersedeReading(Part):
    """What the meter showed in truth at that moment."""

    value: DialText
    """What the dial showed."""
    rollover: bool = False
    """Whether the dial went past its largest number since the reading before."""
