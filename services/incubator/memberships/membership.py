"""A membership: the included minutes of space that a business has each month."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day
from services.contracts.incubator.memberships import MembershipChanged, MembershipEnded, MembershipStarted, PlanId
from services.contracts.incubator.resources import ResourceKind
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.quantity import UnitPrice
from services.incubator.memberships.plan import Plan


class MembershipStatus(StrEnum):
    """Whether its end is known."""

    ACTIVE = "active"
    ENDED = "ended"


MOVES = {
    MembershipStatus.ACTIVE: {MembershipStatus.ENDED},
    MembershipStatus.ENDED: set[MembershipStatus](),
}


class Membership(Aggregate):
    """A membership of a business under a plan.

    Attributes:
        starts_on, ends_on: its first and last day in zone time; `ends_on` is None while no end is known.
        covers, included_minutes_per_month, overage: as its plan says.
    """

    collection: ClassVar[str] = "memberships"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )

    business_id: BusinessId
    partner_id: str
    plan_id: PlanId
    covers: list[ResourceKind]
    included_minutes_per_month: int
    overage: UnitPrice
    starts_on: Day
    ends_on: Day | None = None
    status: MembershipStatus = MembershipStatus.ACTIVE

    @classmethod
    def start(cls, plan: Plan, *, business_id: str, partner_id: str, starts_on: date) -> Self:
        """A new membership."""
        membership = cls(
            id=new_id("mbs"),
            business_id=business_id,
            partner_id=partner_id,
            plan_id=plan.id,
            covers=plan.covers,
            included_minutes_per_month=plan.included_minutes_per_month,
            overage=plan.overage,
            starts_on=starts_on,
        )
        membership.record(
            MembershipStarted(
                membership_id=membership.id,
                business_id=business_id,
                plan_id=plan.id,
                starts_on=starts_on,
                included_minutes_per_month=plan.included_minutes_per_month,
            )
        )
        return membership

    def change_to(self, plan: Plan) -> None:
        """Go on under another plan, at once; what was used of the month stays used.

        Raises:
            Conflict: `invalid_transition`, it has ended.
        """
        if self.status is MembershipStatus.ENDED:
            move(self.status, MembershipStatus.ACTIVE, MOVES)
        self.plan_id, self.covers, self.overage = plan.id, plan.covers, plan.overage
        self.included_minutes_per_month = plan.included_minutes_per_month
        self.record(
            MembershipChanged(
                membership_id=self.id,
                business_id=self.business_id,
                plan_id=plan.id,
                included_minutes_per_month=plan.included_minutes_per_month,
            )
        )

    def end(self, on: date) -> None:
        """Let a day be its last, or an earlier one than was said; what is booked already keeps its minutes.

        Raises:
            Conflict: `invalid_transition`, its end is known and not later; `ends_before_it_begins`.
        """
        if on < self.starts_on:
            raise Conflict("It would end before it began.", code="ends_before_it_begins")
        if self.ends_on is None or self.ends_on <= on:
            self.status = move(self.status, MembershipStatus.ENDED, MOVES)
        self.ends_on = on
        self.record(MembershipEnded(membership_id=self.id, business_id=self.business_id, ends_on=on))

    def counts(self, kinds: Sequence[ResourceKind], day: date) -> bool:
        """Whether its minutes are for these, on a day."""
        lasts = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return lasts and set(kinds) <= set(self.covers)
