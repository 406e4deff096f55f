"""The end of rounds over HTTP."""

from fastapi import APIRouter

from services.chassis.domain.refusals import refuses
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member
from services.incubator.finance.posting import POSTING
from services.incubator.investment.closing import effects
from services.incubator.investment.rounds.queries import RoundRef, own_round
from services.incubator.investment.rounds.views import RoundView

router = APIRouter(prefix="/v1/incubator/rounds", route_class=TransactionalRoute)


@router.post("/{round_id}/close")
@refuses(
    "invalid_transition",
    "close_too_early",
    "conditions_unmet",
    "reconfirmations_pending",
    "target_missed",
    "not_funded",
    "no_shares_yet",
    "worth_too_large",
    "authorised_exceeded",
    "before_last_event",
    "too_many_holdings",
    "too_many_cap_events",
    *POSTING,
)
async def close_round(round_id: RoundRef, member: Member, tx: InTx, body: Nothing | None = None) -> RoundView:
    """Close a round: allocations, shares, entries and releases in one commit; it fails where the target was missed."""
    return RoundView.of(await effects.close(await own_round(round_id, tx), tx))


@router.post("/{round_id}/cancel")
@refuses("invalid_transition")
async def cancel_round(round_id: RoundRef, member: Member, tx: InTx, body: Nothing | None = None) -> RoundView:
    """Call a round off; everyone who takes part is let go."""
    return RoundView.of(await effects.cancel(await own_round(round_id, tx), tx))
