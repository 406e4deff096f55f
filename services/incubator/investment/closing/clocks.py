"""What time does to rounds and commitments."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.store.unit_of_work import Tx
from services.incubator.investment.closing import effects
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.effects import ended
from services.incubator.investment.commitments.status import LIVE
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.status import RoundStatus


async def lapse_commitments(now: datetime, new_tx: NewTx) -> None:
    """Who did not stand by changed terms in time is out; it may run twice, or late."""

    async def lapse(commitment: Commitment, tx: Tx) -> None:
        if commitment.is_live and commitment.reconfirm_by is not None and commitment.reconfirm_by <= now:
            counted = commitment.counted
            commitment.lapse()
            await ended(commitment, counted, tx)

    live = [status.value for status in LIVE]
    await for_each(Commitment, {"status": {"$in": live}, "reconfirm_by": {"$lte": now}}, lapse, new_tx)


async def fail_rounds(now: datetime, new_tx: NewTx) -> None:
    """A round that missed its target at its deadline fails; it may run twice, or late."""

    async def fail(round: Round, tx: Tx) -> None:
        if round.status is RoundStatus.OPEN and round.is_over(now) and round.committed < round.terms.target:
            await effects.fail(round, tx)

    await for_each(Round, {"status": RoundStatus.OPEN.value, "terms.deadline": {"$lte": now}}, fail, new_tx)


CLOCKS = (
    Clock("investment.reconfirmations", every=60, task=lapse_commitments),
    Clock("investment.deadlines", every=60, task=fail_rounds),
)
