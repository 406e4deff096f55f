"""Plans and memberships over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.memberships.bodies import ChangePlan, EndMembership, OfferPlan, StartMembership
from services.incubator.memberships.membership import Membership
from services.incubator.memberships.plan import Plan
from services.incubator.memberships.queries import MembershipFilter, MembershipRef, PlanRef, memberships_of, plan_named
from services.incubator.memberships.views import MembershipView, PlanView
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/plans", status_code=201)
async def offer_plan(body: OfferPlan, staff: Staff, tx: InTx) -> PlanView:
    """Offer a plan; it never changes, and another takes its place."""
    said = {name: getattr(body, name) for name in OfferPlan.model_fields}
    return PlanView.of(tx.save(Plan.offer(**said)))


@router.get("/plans")
async def list_plans(reader: Reader, tx: InTx, page: InPage) -> Page[PlanView]:
    """The plans of memberships, oldest first."""
    return await page.of(tx, Plan, {}, PlanView.of)


@router.get("/plans/{plan_id}")
async def see_plan(plan_id: PlanRef, reader: Reader, tx: InTx) -> PlanView:
    """One plan."""
    return PlanView.of(await tx.visible(Plan, plan_id))


@router.post("/memberships", status_code=201)
@refuses(*TRADING, "plan_unknown", "membership_exists")
async def start_membership(body: StartMembership, staff: Staff, tx: InTx) -> MembershipView:
    """Give a business included minutes each month, from a day on; one membership at a time."""
    tenant = await trading_tenant(body.business_id, tx)
    plan = await plan_named(body.plan_id, tx)
    membership = Membership.start(
        plan, business_id=tenant.business_id, partner_id=tenant.partner_id, starts_on=body.starts_on
    )
    former = await memberships_of(tenant.business_id, tx)
    if other := next((each for each in former if each.ends_on is None or each.ends_on >= body.starts_on), None):
        raise Conflict("It has one at that time.", code="membership_exists", membership_id=other.id)
    # The next in order: of two that begin at once, the second sees the first.
    tx.claim(f"membership|{tenant.business_id}|{len(former)}", membership.id)
    return MembershipView.of(tx.save(membership))


@router.get("/memberships")
async def list_memberships(
    asked: Annotated[MembershipFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[MembershipView]:
    """The memberships that the caller may see, oldest first."""
    return await page.of(tx, Membership, asked.where(), MembershipView.of)


@router.get("/memberships/{membership_id}")
async def see_membership(membership_id: MembershipRef, reader: Reader, tx: InTx) -> MembershipView:
    """One membership."""
    return MembershipView.of(await tx.visible(Membership, membership_id))


@router.post("/memberships/{membership_id}/change-plan")
@refuses("plan_unknown", "invalid_transition")
async def change_plan(membership_id: MembershipRef, body: ChangePlan, staff: Staff, tx: InTx) -> MembershipView:
    """Go on under another plan, at once; what was used of the month stays used."""
    membership = await tx.visible(Membership, membership_id)
    membership.change_to(await plan_named(body.plan_id, tx))
    return MembershipView.of(tx.save(membership))


@router.post("/memberships/{membership_id}/end")
@refuses("invalid_transition", "ends_before_it_begins")
async def end_membership(membership_id: MembershipRef, body: EndMembership, staff: Staff, tx: InTx) -> MembershipView:
    """Let a day be its last, or an earlier one than was said; what is booked already keeps its minutes, and another can
    begin the day after."""
    membership = await tx.visible(Membership, membership_id)
    membership.end(body.ends_on)
    return MembershipView.of(tx.save(membership))
