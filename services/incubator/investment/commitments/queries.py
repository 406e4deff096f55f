"""The filter of a list of commitments, how a path names one, and which side of it a caller is on."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Forbidden
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.rounds import CommitmentId, RoundId
from services.contracts.incubator.startups.shares import InvestorId
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.commitments.bodies import Sum
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.status import CommitmentStatus
from services.incubator.investment.rounds.round import Round

CommitmentRef = Annotated[CommitmentId, Path(description="The commitment, by its id.")]


class CommitmentFilter(Filter):
    """By round, business, investor, and how far it has come."""

    round_id: RoundId | None = None
    """In which round."""
    business_id: BusinessId | None = None
    """Of which business."""
    investor_id: InvestorId | None = None
    """Whose."""
    status: CommitmentStatus | None = None
    """How far it has come."""


async def on_the_business_side(commitment_id: str, tx: Tx) -> Commitment:
    """A commitment that the business's partner, or an official, acts on. Raises NotFound, Forbidden (`other_side`)."""
    commitment = await tx.visible(Commitment, commitment_id)
    return _checked(commitment, commitment.partner_id, "business", tx.caller)


async def on_the_investors_side(commitment_id: str, tx: Tx) -> Commitment:
    """As `on_the_business_side`, of what the investor's partner does."""
    commitment = await tx.visible(Commitment, commitment_id)
    return _checked(commitment, commitment.investor_partner_id, "investor", tx.caller)


def _checked(commitment: Commitment, partner_id: str, side: str, caller: Caller) -> Commitment:
    if not caller.is_official and caller.partner_id != partner_id:
        raise Forbidden(f"Only the {side}'s partner, or an official, does this.", code="other_side")
    return commitment


def in_currency(asked: Sum, currency: str) -> int:
    """The minor units of an amount. Raises Unprocessable (`currency_mismatch`) where it is not in the round's."""
    if asked.currency != currency:
        place = ("amount", "currency")
        refuse(Violation("currency_mismatch", "A commitment is in the currency of its round.", place))
    return asked.amount


async def round_of(commitment: Commitment, tx: Tx) -> Round:
    """The round of a commitment that the caller sees."""
    return await tx.get(Round, commitment.round_id)
