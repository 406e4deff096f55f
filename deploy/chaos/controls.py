"""Two protections are switched off, one at a time: the checks must see it. A suite that cannot fail proves nothing."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable

from deploy.chaos.evidence import log_of
from deploy.chaos.run import Run, Verdict
from deploy.chaos.stage import switched_on
from deploy.chaos.writers import YEARS
from services.chassis.kafka import Producer

TALLIES = ("tally-1", "tally-2")
PATIENCE = 40.0
LOOK_EVERY = 0.1


async def without_sequence_checks(run: Run) -> Verdict:
    """A duplicate in the log, and consumers that do not look at the numbers of events."""
    zone = run.zone
    with switched_on(run.stage, TALLIES, "no-sequence-checks"):
        records = await log_of(zone.broker.bootstrap)
        producer = await Producer.started(zone.broker.bootstrap)
        await producer.send(records[-1:])
        await producer.close()
        await until(run, _something_is_doubled)
    return await run.verdict()


async def without_fencing(run: Run) -> Verdict:
    """A consumer stands still before its commit, another takes over; neither compares a position before it sets it."""
    stage = run.stage
    business = next(each for each in stage.journal.businesses if len(stage.journal.reported[each]) < len(YEARS))
    with switched_on(stage, TALLIES, "no-fencing"):
        writing = asyncio.create_task(run.writers.report(business))
        stopped = await stage.reached(TALLIES, "consumer-before-commit", "SIGSTOP", within=PATIENCE)
        assert stopped, "no consumer came to its commit"
        first, *others = (run.zone.parts[name].process for name in stopped)
        for process in others:
            process.signal(signal.SIGCONT)
        await writing
        await until(run, _all_is_heard)
        first.signal(signal.SIGCONT)
        await until(run, _something_is_doubled)
    return await run.verdict()


CONTROLS: dict[str, Callable[[Run], Awaitable[Verdict]]] = {
    "sequence checks": without_sequence_checks,
    "fencing": without_fencing,
}


async def until(run: Run, holds: Callable[[Run], Awaitable[bool]]) -> None:
    """Wait for it, but not for ever: what did not come is for the checks to miss."""
    give_up = time.monotonic() + PATIENCE
    while not await holds(run) and time.monotonic() < give_up:
        await asyncio.sleep(LOOK_EVERY)


async def _something_is_doubled(run: Run) -> bool:
    return bool(await run.zone.store("tally").select("heard", {"times": {"$gt": 1}}, [("_id", 1)], 1))


async def _all_is_heard(run: Run) -> bool:
    """Whether every event of the registry took effect in the tally."""
    heard = await run.zone.store("tally").database["heard"].count_documents({"_id": {"$regex": "^(biz|fil)_"}})
    return heard >= int(await run.zone.store("registry").database["outbox"].count_documents({}))
