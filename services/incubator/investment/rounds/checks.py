"""What a round lets happen: whether it takes a pledge, and whether it may close."""

from datetime import datetime, timedelta
from typing import Final

from services.chassis.domain.errors import Conflict
from services.chassis.domain.money import LARGEST
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.domain.working_days import working_days_between
from services.incubator.investment.rounds.round import NOTICE, Round
from services.incubator.investment.rounds.status import S
from services.incubator.investment.rounds.terms import ConditionKind, Oversubscription

MOST_COMMITMENTS: Final = 1_000
"""Of one round that are not over: a close is one commit."""
LEAST_OPEN: Final = timedelta(days=21)
"""How long a round is open before it may close early."""


def check_pledge(round: Round, amount: int, mine: int, at: datetime) -> bool:
    """Whether a pledge waits for room.

    Args:
        mine: what its investor has pledged in this round already.

    Raises:
        Conflict: `round_not_open` with `round_status`; `deadline_passed`; `round_oversubscribed` and
            `investor_limit_exceeded` with `remaining`; `too_many_commitments`.
        Unprocessable: `below_min_ticket`.
    """
    terms = round.terms
    if round.status is not S.OPEN or at < terms.opens_at:
        raise Conflict("This round takes no pledges now.", code="round_not_open", round_status=round.status.value)
    round.check_deadline(at)
    if amount < terms.min_ticket and amount != round.remaining:
        refuse(Violation("below_min_ticket", "A pledge is at least `min_ticket`.", ("amount", "amount")))
    most = terms.max_per_investor
    if most is not None and mine + amount > most:
        left = max(most - mine, 0)
        raise Conflict("This investor would pledge more than one may.", code="investor_limit_exceeded", remaining=left)
    if round.commitments_count >= MOST_COMMITMENTS:
        raise Conflict(f"A round has at most {MOST_COMMITMENTS} commitments.", code="too_many_commitments")
    room = round.remaining
    if terms.oversubscription is Oversubscription.PRO_RATA:
        room = LARGEST - round.committed
    may_wait = terms.oversubscription is Oversubscription.WAITLIST and terms.may_ever_take(amount)
    if amount > room and not may_wait:
        raise Conflict("There is no room for so much.", code="round_oversubscribed", remaining=room)
    return amount > room


def check_closable(round: Round, at: datetime) -> None:
    """Raises Conflict: `invalid_transition`; `close_too_early`; `conditions_unmet` with `conditions`."""
    if round.status is not S.OPEN:
        raise invalid_transition(round.status, round.allowed_actions)
    if not round.is_over(at) and not _may_close_early(round, at):
        raise Conflict(
            "A round closes at its deadline; before, once it was open for 21 days and that was announced for 5 "
            "working days.",
            code="close_too_early",
        )
    unmet = [
        {"number": each.number, "kind": each.kind.value}
        for each in round.conditions
        if each.met_at is None and each.kind is not ConditionKind.TARGET_REACHED  # which the close itself looks at
    ]
    if unmet:
        raise Conflict("Not every condition of closing is met.", code="conditions_unmet", conditions=unmet)


def _may_close_early(round: Round, at: datetime) -> bool:
    announced, opened = round.announced_on, round.opened_at
    if announced is None or opened is None or at - opened < LEAST_OPEN:
        return False
    return working_days_between(announced, zone_date(at)) >= NOTICE
