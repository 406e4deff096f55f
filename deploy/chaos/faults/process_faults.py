"""Faults of processes: they die or stand still, at random and at exact points, and disagree about time and shares."""

import asyncio
import random
import signal
import time
from collections.abc import Sequence

from deploy.chaos.faults.document_lock import is_free, is_held
from deploy.chaos.faults.fault import NOT_BY_CHANCE, Act, Faults
from deploy.chaos.stage import Stage, switched_on
from deploy.chaos.target.zone import CONSUMERS, PARTS, RELAYS

BEYOND_LEASES = (5.5, 7.0)
"""Seconds: longer than a membership (3), a transaction (3) and the relay's lease (5) live."""
ENDED_WITHIN = 20.0
"""Seconds in which the server must have ended a transaction that lives for three; it looks every one and a half, where
the machine lets it. Its process stands still until then, so that nobody else can have ended it."""

EACH = [[name] for name in PARTS]
APIS = [["registry-api"], ["incubator-api"]]
GROUPS = [["metrics-1", "metrics-2"], ["tally-1", "tally-2"], ["incubator-worker"]]
"""Consumers of one group each: who comes to a point first is taken."""

fault = Faults()


# processes die


async def kill(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """SIGKILL at a random moment, and a new start."""
    stage.zone.parts[targets[0]].kill()
    await asyncio.sleep(dice.uniform(0, 1.5))
    await stage.zone.restart(targets[0])
    return 0


def kill_at(point: str, *, within: float = NOT_BY_CHANCE) -> Act:
    """SIGKILL at an exact point, of whichever targets come to it in so many seconds."""

    async def act(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
        await stage.are_up(targets)
        died = await stage.reached(targets, point, "SIGKILL", within=within)
        while any(stage.zone.parts[name].process.running for name in died):
            await asyncio.sleep(0.02)
        await asyncio.sleep(dice.uniform(0, 1.0))
        for name in died:
            await stage.zone.restart(name)
        return 0 if died else None

    return act


for what, names in (
    ("api killed", ("registry-api", "incubator-api", "gateway")),
    ("relay killed", RELAYS),
    ("consumer killed", CONSUMERS),
):
    fault(what, [[name] for name in names])(kill)
fault("api killed before commit", APIS)(kill_at("api-before-commit"))
fault("api killed after commit", APIS)(kill_at("api-after-commit"))
fault("relay killed before publish", [RELAYS])(kill_at("relay-before-publish"))
fault("relay killed before its token", [RELAYS])(kill_at("relay-after-publish"))
fault("consumer killed before commit", GROUPS)(kill_at("consumer-before-commit"))
fault("consumer killed after commit", GROUPS)(kill_at("consumer-after-commit"))


# processes stand still


@fault("process paused", EACH)
async def pause(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """SIGSTOP at a random moment, beyond all leases."""
    process = stage.zone.parts[targets[0]].process
    process.signal(signal.SIGSTOP)
    await asyncio.sleep(dice.uniform(*BEYOND_LEASES))
    process.signal(signal.SIGCONT)
    return 0


def pause_at(point: str) -> Act:
    """SIGSTOP at an exact point, beyond all leases."""

    async def act(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
        await stage.are_up(targets)
        stopped = await stage.reached(targets, point, "SIGSTOP", within=NOT_BY_CHANCE)
        if not stopped:
            return None
        await asyncio.sleep(dice.uniform(*BEYOND_LEASES))
        for name in stopped:
            stage.zone.parts[name].process.signal(signal.SIGCONT)
        return 0

    return act


fault("consumer paused before commit", GROUPS)(pause_at("consumer-before-commit"))


@fault("paused inside a transaction", [["mongod", *names] for names in (APIS[0], *GROUPS)])
async def pause_in_transaction(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """SIGSTOP with everything written and nothing committed: others can write that again once the server ends it."""
    await stage.are_up(targets[1:])
    stopped = await stage.reached(targets[1:], "in-transaction", "SIGSTOP", within=NOT_BY_CHANCE)
    resume_at = time.monotonic() + dice.uniform(*BEYOND_LEASES)
    held = 0
    try:
        for name in stopped:
            collection, _, id = (await stage.told(name, "holds", within=NOT_BY_CHANCE)).partition(" ")
            store = stage.zone.store(PARTS[name].service)
            held += await is_held(store, collection, id)
            if not await is_free(store, collection, id, within=ENDED_WITHIN):
                stage.complaints.append(f"{name} stands still in a transaction, and nobody else can write {id}")
        await asyncio.sleep(max(0.0, resume_at - time.monotonic()))
    finally:
        for name in stopped:
            stage.zone.parts[name].process.signal(signal.SIGCONT)
    return 0 if held else None


@fault("two consumers of one partition", GROUPS[:2])
async def race(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Each believes to have every partition."""
    with switched_on(stage, targets, "everything"):
        await asyncio.sleep(dice.uniform(3, 5))
    return 0


@fault("clock 10 minutes wrong", EACH)
async def shift_clock(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Ahead or behind, without a restart; a gateway ahead alone, as one behind refuses keys that begin later."""
    wrong = 600 if "gateway" in targets else dice.choice((-600, 600))
    with switched_on(stage, targets, "clock", str(wrong)):
        await asyncio.sleep(dice.uniform(3, 6))
    return 0
