"""What the document of the API shows of memberships: a plan, and the membership of a synthetic business."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.contracts.incubator.resources import ResourceKind
from services.incubator.kernel.quantity import Unit, UnitPrice
from services.incubator.memberships.bodies import ChangePlan, EndMembership, OfferPlan, StartMembership
from services.incubator.memberships.membership import Membership
from services.incubator.memberships.plan import Plan
from services.incubator.memberships.views import MembershipView, PlanView
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

COVERS: Final = [ResourceKind.ROOM, ResourceKind.HOT_DESK]
OVERAGE: Final = UnitPrice(price="60", currency="CNY", per=Unit.HOUR)
PLAN: Final = Plan(
    id="pln_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    name="创业套餐",
    covers=COVERS,
    included_minutes_per_month=600,
    overage=OVERAGE,
)
MEMBERSHIP: Final = Membership(
    id="mbs_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    business_id=BUSINESS,
    partner_id=OWNER,
    plan_id=PLAN.id,
    covers=COVERS,
    included_minutes_per_month=600,
    overage=OVERAGE,
    starts_on=date(2026, 12, 1),
)

KEPT: Final[Sequence[Row]] = (TENANT, PLAN, MEMBERSHIP)
BODIES: Final[Sequence[BaseModel]] = (
    OfferPlan(name=PLAN.name, covers=COVERS, included_minutes_per_month=600, overage=OVERAGE),
    StartMembership(business_id=BUSINESS, plan_id=PLAN.id, starts_on=MEMBERSHIP.starts_on),
    ChangePlan(plan_id=PLAN.id),
    EndMembership(ends_on=date(2027, 6, 30)),
)
ANSWERS: Final[Sequence[BaseModel]] = (PlanView.of(PLAN), MembershipView.of(MEMBERSHIP))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
