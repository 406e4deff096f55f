"""Negative controls: with a protection off, the checks must see it. A suite that cannot fail proves nothing."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from deploy.chaos.evidence import log_of, whole
from deploy.chaos.offerings.checks import slots
from deploy.chaos.offerings.offerings import HOURS
from deploy.chaos.run import Run, Verdict
from deploy.chaos.stage import switched_on
from deploy.chaos.writers import YEARS
from services.chassis.kafka.producer import Producer

TALLIES = ("tally-1", "tally-2")
PATIENCE = 40.0
LOOK_EVERY = 0.1
AT_ONCE = 10
"""Who want the same hour."""


async def control(run: Run, protection: str) -> Verdict:
    """Do what a protection is there for, without it. Returns what the checks find doubled that was not so before."""
    switch, targets, act = CONTROLS[protection]
    before = await doubled(run)

    async def something_is_doubled() -> bool:
        return bool(await doubled(run) - before)

    with switched_on(run.stage, targets, switch):
        await act(run)
        await until(something_is_doubled)
    verdict = await run.verdict()
    found = [each for each in verdict.findings if each.kind == "doubled" and each.event and each.event not in before]
    return replace(verdict, findings=found)


async def publish_again(run: Run) -> None:
    """A duplicate in the log."""
    bootstrap = run.zone.broker.bootstrap
    records = await log_of(bootstrap)
    producer = await Producer.started(bootstrap)
    await producer.send(records[-1:])
    await producer.close()


async def commit_late(run: Run) -> None:
    """A consumer stands still before its commit, another takes over, and then the first one goes on."""
    stage = run.stage
    business = next(each for each in stage.journal.businesses if len(stage.journal.reported[each]) < len(YEARS))
    writing = asyncio.create_task(run.writers.report(business))
    stopped = await stage.reached(TALLIES, "consumer-before-commit", "SIGSTOP", within=PATIENCE)
    assert stopped, "no consumer came to its commit"
    first, *others = (run.zone.parts[name].process for name in stopped)
    for process in others:
        process.signal(signal.SIGCONT)
    await writing

    async def all_is_heard() -> bool:
        heard = await run.zone.store("tally").database["heard"].count_documents({"_id": {"$regex": "^(biz|fil)_"}})
        return heard >= int(await run.zone.store("registry").database["outbox"].count_documents({}))

    await until(all_is_heard)
    first.signal(signal.SIGCONT)


async def want_the_same_hour(run: Run) -> None:
    """Many book one room for one hour at once."""
    offerings = run.writers.offerings
    hours = iter(range(HOURS, 2 * HOURS))

    async def has_been_doubled() -> bool:
        wish = next(hours)
        await asyncio.gather(*(offerings.book_a_room(wish, gives_back=False) for _ in range(AT_ONCE)))
        return bool(await slots_doubled(run))

    await until(has_been_doubled)


class Control(NamedTuple):
    """The switch that takes a protection away, where it is turned on, and what then goes wrong."""

    switch: str
    targets: Sequence[str]
    act: Callable[[Run], Awaitable[None]]


CONTROLS = {
    "sequence checks": Control("no-sequence-checks", TALLIES, publish_again),
    "fencing": Control("no-fencing", TALLIES, commit_late),
    "claims": Control("no-claims", ["incubator-api"], want_the_same_hour),
}
"""The controls by the protection that each takes away, in the order of trial: what is booked twice stays so."""


async def doubled(run: Run) -> set[str]:
    """The events that the tally has counted more than once, and those of bookings of what others have."""
    heard = await whole(run.zone.store("tally"), "heard")
    return {row["_id"] for row in heard if row["times"] > 1} | await slots_doubled(run)


async def slots_doubled(run: Run) -> set[str]:
    """The events of bookings of which somebody else has a slot too."""
    store = run.zone.store("incubator")
    found = slots(await whole(store, "reservations"), await whole(store, "claims"))
    return {each.event for each in found if each.event}


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it, but not for ever: what did not come is for the checks to miss."""
    give_up = time.monotonic() + PATIENCE
    while not await holds() and time.monotonic() < give_up:
        await asyncio.sleep(LOOK_EVERY)
