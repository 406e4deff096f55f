"""Commitments over HTTP, and the terms of rounds in which somebody may take part."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.investment.commitments import effects
from services.incubator.investment.commitments.bodies import Accept, Fund, Pledge
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.queries import (
    CommitmentFilter,
    CommitmentRef,
    in_currency,
    on_the_business_side,
    on_the_investors_side,
    round_of,
)
from services.incubator.investment.commitments.views import CommitmentView
from services.incubator.investment.investors.queries import investor_named
from services.incubator.investment.rounds.bodies import ChangeRound
from services.incubator.investment.rounds.queries import RoundRef, check_share_class, check_trading, own_round
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.routes import OF_TERMS
from services.incubator.investment.rounds.views import RoundView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.patch("/rounds/{round_id}")
@refuses(*OF_TERMS, "invalid_transition", "deadline_passed", "cap_below_committed")
async def change_round(round_id: RoundRef, body: ChangeRound, member: Member, tx: InTx) -> RoundView:
    """Say something else of a round; who takes part must stand by new terms within five working days, or is out."""
    round = await own_round(round_id, tx)
    said = {name: getattr(body.terms, name) for name in body.terms.model_fields_set} if body.terms else {}
    terms = round.terms.changed(**said)
    await check_share_class(round.business_id, terms, tx)
    return RoundView.of(await effects.change_round(round, terms, body.name or round.name, tx))


@router.post("/rounds/{round_id}/commitments", status_code=201)
@refuses(
    "business_not_active",
    "investor_unknown",
    "investor_erased",
    "round_not_open",
    "deadline_passed",
    "below_min_ticket",
    "currency_mismatch",
    "investor_limit_exceeded",
    "round_oversubscribed",
    "too_many_commitments",
)
async def pledge(round_id: RoundRef, body: Pledge, member: Member, tx: InTx) -> CommitmentView:
    """Promise money in a round, for an investor of one's own."""
    round = await tx.visible(Round, round_id)
    await check_trading(round.business_id, tx)
    investor = await investor_named(body.investor_id, tx, "investor_id")
    if investor.business_id is not None:
        await check_trading(investor.business_id, tx)
    amount = in_currency(body.amount, round.currency)
    return CommitmentView.of(await effects.pledge(round, investor, amount, tx))


@router.get("/commitments")
async def list_commitments(
    asked: Annotated[CommitmentFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[CommitmentView]:
    """The commitments in one's own rounds, and those of one's own investors, oldest first."""
    return await page.of(tx, Commitment, asked.where(), CommitmentView.of)


@router.get("/commitments/{commitment_id}")
async def see_commitment(commitment_id: CommitmentRef, reader: Reader, tx: InTx) -> CommitmentView:
    """One commitment."""
    return CommitmentView.of(await tx.visible(Commitment, commitment_id))


@router.post("/commitments/{commitment_id}/accept")
@refuses("other_side", "invalid_transition", "exceeds_commitment", "currency_mismatch")
async def accept_commitment(
    commitment_id: CommitmentRef, member: Member, tx: InTx, body: Accept | None = None
) -> CommitmentView:
    """Take what was promised, or less of it, once."""
    commitment = await on_the_business_side(commitment_id, tx)
    asked = body.amount if body else None
    amount = commitment.pledged if asked is None else in_currency(asked, commitment.currency)
    return CommitmentView.of(await effects.accept(commitment, amount, tx))


@router.post("/commitments/{commitment_id}/fund")
@refuses("other_side", "invalid_transition", "exceeds_commitment", "currency_mismatch")
async def fund_commitment(commitment_id: CommitmentRef, body: Fund, member: Member, tx: InTx) -> CommitmentView:
    """Say that money of an investor is there; never more than was accepted."""
    commitment = await on_the_business_side(commitment_id, tx)
    commitment.fund(in_currency(body.amount, commitment.currency))
    return CommitmentView.of(tx.save(commitment))


@router.post("/commitments/{commitment_id}/release")
@refuses("other_side", "invalid_transition")
async def release_commitment(
    commitment_id: CommitmentRef, member: Member, tx: InTx, body: Nothing | None = None
) -> CommitmentView:
    """Let an investor go; what it paid goes back."""
    commitment = await on_the_business_side(commitment_id, tx)
    counted = commitment.counted
    commitment.release()
    return CommitmentView.of(await effects.ended(commitment, counted, tx))


@router.post("/commitments/{commitment_id}/cancel")
@refuses("other_side", "invalid_transition", "cancellation_window_passed")
async def cancel_commitment(
    commitment_id: CommitmentRef, member: Member, tx: InTx, body: Nothing | None = None
) -> CommitmentView:
    """Take a promise back, until 48 hours before the deadline, or while changed terms are to be confirmed."""
    commitment = await on_the_investors_side(commitment_id, tx)
    counted = commitment.counted
    commitment.cancel(await round_of(commitment, tx), tx.now)
    return CommitmentView.of(await effects.ended(commitment, counted, tx))


@router.post("/commitments/{commitment_id}/reconfirm")
@refuses("other_side", "nothing_to_reconfirm", "reconfirmation_passed")
async def reconfirm_commitment(
    commitment_id: CommitmentRef, member: Member, tx: InTx, body: Nothing | None = None
) -> CommitmentView:
    """Stand by a promise under changed terms."""
    commitment = await on_the_investors_side(commitment_id, tx)
    commitment.reconfirm(tx.now)
    return CommitmentView.of(tx.save(commitment))
