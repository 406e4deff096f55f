"""Investors over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.headers.idempotency import InLost
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.investment.investors.bodies import ChangeInvestor, EnterInvestor
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.investors.queries import InvestorFilter, InvestorRef
from services.incubator.investment.investors.views import InvestorView
from services.incubator.tenants.queries import own_tenant

router = APIRouter(prefix="/v1/incubator/investors", route_class=TransactionalRoute)


@router.post("", status_code=201)
@refuses("business_unknown_yet")
async def enter_investor(body: EnterInvestor, member: Member, tx: InTx, lost: InLost) -> InvestorView:
    """Enter somebody who may hold shares or take part in rounds.

    A repeat under its `Idempotency-Key` shows the name again within ten minutes; later it is null.
    """
    if lost is not None:
        return InvestorView.of(await tx.visible(Investor, lost["id"]))
    if body.business_id is not None:
        await own_tenant(body.business_id, tx)
    return InvestorView.of(tx.save(Investor.enter(member.partner_id, body.name, body.kind, body.business_id)))


@router.get("")
async def list_investors(
    asked: Annotated[InvestorFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[InvestorView]:
    """The investors that the caller entered, oldest first."""
    return await page.of(tx, Investor, asked.where(), InvestorView.of)


@router.get("/{investor_id}")
async def see_investor(investor_id: InvestorRef, reader: Reader, tx: InTx) -> InvestorView:
    """One investor."""
    return InvestorView.of(await tx.visible(Investor, investor_id))


@router.patch("/{investor_id}")
@refuses("investor_erased")
async def change_investor(investor_id: InvestorRef, body: ChangeInvestor, member: Member, tx: InTx) -> InvestorView:
    """Say how an investor is called now."""
    investor = await tx.visible(Investor, investor_id)
    if body.name is not None:
        investor.rename(body.name)
    return InvestorView.of(tx.save(investor))


@router.post("/{investor_id}/erase")
@refuses("investor_erased", "investor_holds_shares", "investor_committed")
async def erase_investor(
    investor_id: InvestorRef, member: Member, tx: InTx, body: Nothing | None = None
) -> InvestorView:
    """Erase what is known of an investor, for good; who holds shares stands in the register of members, and stays."""
    investor = await tx.visible(Investor, investor_id)
    investor.erase(tx.now)
    return InvestorView.of(tx.save(investor))
