"""What callers send of resources and blackouts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.chassis.domain.money import Money, PositiveOrZero
from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule, rule
from services.contracts.incubator.resources import ResourceId, ResourceKind, ResourceUsage
from services.contracts.incubator.sites import SiteId
from services.incubator.booking.resource import judge_rate
from services.incubator.kernel.area import SquareMetres
from services.incubator.kernel.calendar import Terms
from services.incubator.kernel.local_time import BookedInstant
from services.incubator.kernel.opening import Exceptions, Weekly
from services.incubator.kernel.quantity import CURRENCY, UnitPrice

Name = Annotated[str, Text(at_most=100)]
Words = Annotated[str, Text(at_most=200)]
Units = Annotated[int, Field(ge=1, le=500)]
Capacity = Annotated[int, Field(ge=1, le=1000)]


def _priced_by_its_use(rate: UnitPrice | None, before: Before) -> Iterator[Violation]:
    if rate is None:
        return
    if rate.currency != CURRENCY:
        yield Violation("currency_mismatch", f"The books of the zone are kept in {CURRENCY}.", ("currency",))
    yield from judge_rate(rate, before.get("usage"))


def _in_currency(money: Money | None, _: Before) -> Iterator[Violation]:
    if money is not None and money.currency != CURRENCY:
        yield Violation("currency_mismatch", f"The books of the zone are kept in {CURRENCY}.", ("currency",))


Rate = Annotated[UnitPrice | None, cross_rule(_priced_by_its_use, "currency_mismatch", "unit_mismatch")]
Cap = Annotated[PositiveOrZero | None, cross_rule(_in_currency, "currency_mismatch")]


ADDED_BY_ITSELF = rule(
    lambda kind: kind is not ResourceKind.CONSULTANT,
    "kind_reserved",
    "A consultant's calendar comes with the consultant.",
)


class AddResource(Part):
    """A room, a desk or a piece of equipment that can be reserved."""

    site_id: SiteId
    """The site that it is at."""
    name: Name
    """By which people call it."""
    kind: Annotated[ResourceKind, Field(strict=False), ADDED_BY_ITSELF]
    """What it is."""
    usage: Annotated[ResourceUsage, Field(strict=False)] = ResourceUsage.BOOKABLE
    """Booked by quarters of an hour, or allocated by days."""
    units: Units = 1
    """How many of it there are; each is reserved by itself."""
    capacity: Capacity = 1
    """How many people one of it takes."""
    area_m2: SquareMetres | None = None
    """The floor area of all of it; null where it has none."""
    opening: Weekly
    """Its hours in a week, by the wall clock of its site."""
    exceptions: Exceptions = Field(default=[])
    """Days with other hours."""
    terms: Terms = Field(default=Terms())
    """How long, how early and with how much around it."""
    rate: Rate = None
    """Its price; null where it costs nothing."""
    price_cap_per_day: Cap = None
    """What a day costs at most, by the days of its site; null for no bound."""


class ChangeResource(Part):
    """What is to change of a resource; what is left out stays (RFC 7396). What is reserved already stays too."""

    name: Change[Name] = None
    """Another name, by which people call it."""
    units: Change[Units] = None
    """Another number of it."""
    capacity: Change[Capacity] = None
    """How many people one of it takes."""
    area_m2: Change[SquareMetres] = None
    """Another floor area of all of it."""
    opening: Change[Weekly] = None
    """Other hours in a week, all of them."""
    exceptions: Change[Exceptions] = None
    """Other days with hours of their own, all of them."""
    terms: Change[Terms] = None
    """Other terms, all of them."""
    rate: Rate = None
    """Another price; null for none."""
    price_cap_per_day: Cap = None
    """Another bound of what a day costs; null for none."""


def _ends_later(end: datetime, before: Before) -> Iterator[Violation]:
    if "start" in before and end <= before["start"]:
        yield Violation("empty_interval", "It ends after it begins.")


class Time(Part):
    """A time, from one instant to another."""

    start: BookedInstant
    """When it begins."""
    end: Annotated[BookedInstant, cross_rule(_ends_later, "empty_interval")]
    """When it ends; not included."""


ResourceIds = Annotated[list[ResourceId], Field(min_length=1, max_length=10)]


class BlockResources(Time):
    """Resources that are to be kept free."""

    resource_ids: ResourceIds
    """Which, all at one site."""
    reason: Words
    """Why, in words that everyone may read."""
    on_conflict: Literal["fail", "cancel"] = "fail"
    """What becomes of reservations in that time: they keep it from being blocked, or they are cancelled with it."""
