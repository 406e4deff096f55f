"""What the registry says, and what it does to the rounds of a business."""

from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.investment.closing import effects
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.status import MOVES, S
from services.incubator.tenants.queries import is_leaving

MOST: Final = 1_000
"""Rounds of one business that are called off in one unit of work."""

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def call_rounds_off(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """Nobody is bound by a round of a business that is being dissolved: it is called off, and all are let go."""
    if not await is_leaving(event.business_id, tx):
        return
    for status in (S.OPEN, S.DRAFT):  # a draft binds nobody: however many there are, none stands before an open one
        running = {"business_id": event.business_id, "status": status}
        for round in await tx.select(Round, running, limit=MOST):
            if MOVES[round.status]:  # not called off in this unit of work already
                await effects.cancel(round, tx)
