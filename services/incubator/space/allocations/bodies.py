"""What callers send of allocations."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from services.chassis.domain.money import Money
from services.chassis.domain.part import Change, Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule, date_rule
from services.contracts.incubator.resources import ResourceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.bodies import Units
from services.incubator.kernel.period import OfOurTime


def _not_before_first(last: date, before: Before) -> Iterator[Violation]:
    if "starts_on" in before and last < before["starts_on"]:
        yield Violation("empty_interval", "It ends on the day on which it begins, or later.")


def still_to_begin(day: date, today: date) -> Iterator[Violation]:
    """What there is against a first day."""
    if day < today:
        yield Violation("in_the_past", "It begins today, or later.")


class AskForAllocation(Part):
    """What a business is to have for days on end."""

    business_id: BusinessId
    """For which business."""
    resource_id: ResourceId
    """What it needs; it is allocated by days."""
    units: Units = 1
    """How many units of it, all or none."""
    starts_on: Annotated[Day, OfOurTime, date_rule(still_to_begin, "in_the_past")]
    """The first day, in the zone; today at the earliest."""
    ends_on: Annotated[Day, OfOurTime, cross_rule(_not_before_first, "empty_interval")]
    """The last day, included."""


class AllocateResource(AskForAllocation):
    """An allocation that is to be made."""

    incubating: bool = False
    """Whether the business is in a programme of the incubator."""
    expected_price: Money | None = None
    """What the preview said: at another price nothing is allocated. Null where any will do."""


class ChangeAllocation(Part):
    """What is to change of an allocation; what is left out stays (RFC 7396)."""

    ends_on: Change[Annotated[Day, OfOurTime]] = None
    """Another last day: a later one is taken where it is free, an earlier one gives back what lies behind it. It may
    have passed, as long as what lies behind it is on no invoice."""
    incubating: Change[bool] = None
    """Whether the business is in a programme of the incubator."""
