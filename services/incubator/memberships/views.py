"""What callers see of plans and memberships."""

from typing import ClassVar, Self

from services.chassis.domain.times import Day
from services.chassis.http.view import View
from services.contracts.incubator.memberships import PlanId
from services.contracts.incubator.resources import ResourceKind
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.quantity import UnitPrice
from services.incubator.memberships.membership import Membership, MembershipStatus
from services.incubator.memberships.plan import Plan


class PlanView(View):
    """A plan of memberships."""

    at: ClassVar[str] = "/v1/incubator/plans"

    name: str
    """By which people call it."""
    covers: list[ResourceKind]
    """The kinds of resources that its minutes are for."""
    included_minutes_per_month: int
    """Minutes of each calendar month."""
    overage: UnitPrice
    """The price of minutes beyond them."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls.showing(plan)


class MembershipView(View):
    """The included minutes that a business has each month."""

    at: ClassVar[str] = "/v1/incubator/memberships"

    business_id: BusinessId
    """Of which business."""
    plan_id: PlanId
    """Under which plan."""
    covers: list[ResourceKind]
    """The kinds of resources that its minutes are for."""
    included_minutes_per_month: int
    """Minutes of each calendar month."""
    overage: UnitPrice
    """The price of minutes beyond them."""
    starts_on: Day
    """Its first day."""
    ends_on: Day | None
    """Its last day; null while no end is known."""
    status: MembershipStatus
    """Whether its last day is known."""

    @classmethod
    def of(cls, membership: Membership) -> Self:
        return cls.showing(membership)
