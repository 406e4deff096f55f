"""What staff sends of plans and memberships."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.incubator.memberships import PlanId
from services.contracts.incubator.resources import ResourceKind
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.period import OfOurTime
from services.incubator.kernel.quantity import CURRENCY, Unit, UnitPrice

PlanName = Annotated[str, Text(at_most=100)]


def _by_time(overage: UnitPrice, _: Before) -> Iterator[Violation]:
    if overage.currency != CURRENCY:
        yield Violation("currency_mismatch", f"The books of the zone are kept in {CURRENCY}.", ("currency",))
    if overage.per not in (Unit.MINUTE, Unit.HOUR):
        yield Violation("unit_mismatch", "What goes beyond is priced by minute or hour.", ("per",))


class OfferPlan(Part):
    """A plan of memberships."""

    name: PlanName
    """By which people call it."""
    covers: Annotated[
        list[Annotated[ResourceKind, Field(strict=False)]], Field(min_length=1, max_length=len(ResourceKind))
    ]
    """The kinds of resources that its minutes are for."""
    included_minutes_per_month: Annotated[int, Field(ge=0, le=44640)]
    """Minutes of each calendar month; those that are not used do not carry over."""
    overage: Annotated[UnitPrice, cross_rule(_by_time, "currency_mismatch", "unit_mismatch")]
    """The price of minutes beyond them."""


class StartMembership(Part):
    """A membership that begins."""

    business_id: BusinessId
    """Of which business."""
    plan_id: PlanId
    """Under which plan."""
    starts_on: Annotated[Day, OfOurTime]
    """Its first day."""


class ChangePlan(Part):
    """Another plan for a membership."""

    plan_id: PlanId
    """Under which it goes on, at once."""


class EndMembership(Part):
    """The end of a membership."""

    ends_on: Annotated[Day, OfOurTime]
    """Its last day; of one whose end is known, an earlier one."""
