"""Faults of what is decided once: an API dies at the commit that closes a round, and at the one that gives a seat."""

import random
from collections.abc import Awaitable, Callable, Sequence

from deploy.chaos.faults.fault import Act, Faults
from deploy.chaos.faults.process_faults import kill_at
from deploy.chaos.offerings.offerings import Offerings
from deploy.chaos.stage import Stage

fault = Faults()


def while_(decides: Callable[[Offerings], Awaitable[object]], act: Act) -> Act:
    """It is decided beside the fault, also where no writer thinks of it."""

    async def deciding(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
        stage.beside(decides(stage.writers.offerings))
        return await act(stage, targets, dice)

    return deciding


async def a_round_is_due(stage: Stage) -> None:
    """A round whose deadline has passed."""
    await stage.writers.offerings.rounds.come_due()


for when in ("before", "after"):
    closing = while_(lambda offerings: offerings.rounds.close_one(), kill_at(f"closing-{when}-commit"))
    fault(f"round's closing killed {when} commit", [["incubator-api"]], prepare=a_round_is_due)(closing)
    seating = while_(lambda offerings: offerings.admissions.give_a_seat(kept=0), kill_at(f"seat-{when}-commit"))
    fault(f"last seat's giving killed {when} commit", [["incubator-api"]])(seating)
