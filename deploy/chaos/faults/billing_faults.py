"""Faults of what nobody asks for: a job dies as it bills a month, a clock as it makes bills final and bookings pass."""

import random
from collections.abc import Sequence

from deploy.chaos.faults.fault import NOT_BY_CHANCE, Act, Faults
from deploy.chaos.faults.process_faults import kill_at
from deploy.chaos.stage import Stage, switched_on
from deploy.chaos.target.fail_points import LEASE_SECONDS

fault = Faults()


def while_a_month_is_billed(act: Act) -> Act:
    """A month is billed beside the fault, also where no writer thinks of it."""

    async def billing(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
        stage.beside(stage.writers.offerings.bill_a_month())
        return await act(stage, targets, dice)

    return billing


def days_later(act: Act) -> Act:
    """The same days later, when drafts become final and what was booked is over, once there is a bill."""

    async def later(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
        await stage.something_is_billed()  # also where another fault has made final what there was meanwhile
        with switched_on(stage, targets, "clock", stage.days_later()):
            return await act(stage, targets, dice)

    return later


for when in ("before", "after"):
    at_a_step = kill_at(f"job-{when}-commit", within=2 * NOT_BY_CHANCE)  # meters are read before it is ordered
    fault(f"job killed {when} commit", [["incubator-worker"]])(while_a_month_is_billed(at_a_step))
    at_its_commit = kill_at(f"clock-{when}-commit", within=NOT_BY_CHANCE + LEASE_SECONDS)
    fault(f"clock killed {when} commit", [["incubator-worker"]], prepare=Stage.something_is_billed)(
        days_later(at_its_commit)
    )
