"""The filter of a list of memberships, and how bodies name plans."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.memberships import MembershipId, PlanId
from services.contracts.registry.businesses import BusinessId
from services.incubator.memberships.membership import Membership, MembershipStatus
from services.incubator.memberships.plan import Plan

PlanRef = Annotated[PlanId, Path(description="The plan, by its id.")]
MembershipRef = Annotated[MembershipId, Path(description="The membership, by its id.")]
MOST_MEMBERSHIPS = 200
"""That a business ever has."""


class MembershipFilter(Filter):
    """By whose it is, and whether its end is known."""

    business_id: BusinessId | None = None
    """Of which business."""
    status: MembershipStatus | None = None
    """Whether its last day is known."""


async def plan_named(plan_id: str, tx: Tx) -> Plan:
    """The plan that a member `plan_id` of a body names.

    Raises:
        Unprocessable: `plan_unknown`.
    """
    plan = await tx.find(Plan, plan_id)
    if plan is None:
        raise refusal(Violation("plan_unknown", "There is no such plan.", ("plan_id",)))
    return plan


async def memberships_of(business_id: str, tx: Tx) -> list[Membership]:
    """All that a business ever had, oldest first."""
    return await tx.select(Membership, {"business_id": business_id}, limit=MOST_MEMBERSHIPS)
