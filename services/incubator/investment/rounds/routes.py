"""Rounds over HTTP, as far as nobody takes part in them yet."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.investment.rounds.bodies import DraftRound
from services.incubator.investment.rounds.queries import (
    ConditionNumber,
    RoundFilter,
    RoundRef,
    check_condition,
    check_currency,
    check_share_class,
    own_round,
)
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.views import RoundView
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator/rounds", route_class=TransactionalRoute)

OF_TERMS = ("target_above_cap", "ticket_range", "date_range", "terms_of_instrument", "share_class_unknown")


@router.post("", status_code=201)
@refuses(*TRADING, *OF_TERMS, "currency_mismatch")
async def draft_round(body: DraftRound, member: Member, tx: InTx) -> RoundView:
    """Draft a round, which its owner alone sees until it is open."""
    tenant = await trading_tenant(body.business_id, tx)
    await check_currency(body.business_id, body.currency, tx)
    await check_share_class(body.business_id, body.terms, tx)
    said = {name: getattr(body, name) for name in DraftRound.model_fields.keys() - {"business_id"}}
    return RoundView.of(tx.save(Round.draft(tenant, **said)))


@router.get("")
async def list_rounds(
    asked: Annotated[RoundFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[RoundView]:
    """Everyone's rounds and one's own drafts, oldest first."""
    return await page.of(tx, Round, asked.where(), RoundView.of)


@router.get("/{round_id}")
async def see_round(round_id: RoundRef, reader: Reader, tx: InTx) -> RoundView:
    """One round."""
    return RoundView.of(await tx.visible(Round, round_id))


@router.post("/{round_id}/open")
@refuses(*TRADING, "invalid_transition", "deadline_passed")
async def open_round(round_id: RoundRef, member: Member, tx: InTx, body: Nothing | None = None) -> RoundView:
    """Seek money by it."""
    round = await own_round(round_id, tx)
    await trading_tenant(round.business_id, tx)
    round.open(tx.now)
    return RoundView.of(tx.save(round))


@router.post("/{round_id}/conditions/{number}/met")
@refuses("invalid_transition", "condition_met_already", "target_missed", "other_side")
async def meet_condition(
    round_id: RoundRef, number: ConditionNumber, member: Member, tx: InTx, body: Nothing | None = None
) -> RoundView:
    """Say that a condition of closing is met; that payers are who they say they are, officials alone say."""
    round = await own_round(round_id, tx)
    check_condition(round, number, member)
    round.meet(number, tx.now)
    return RoundView.of(tx.save(round))


@router.post("/{round_id}/announce-closing")
@refuses("invalid_transition", "closing_announced")
async def announce_closing(round_id: RoundRef, member: Member, tx: InTx, body: Nothing | None = None) -> RoundView:
    """Announce that it may close before its deadline, from five working days on."""
    round = await own_round(round_id, tx)
    round.announce_closing(zone_date(tx.now))
    return RoundView.of(tx.save(round))
