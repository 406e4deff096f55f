"""Faults of database and broker, and of the wires to them."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from deploy.chaos.faults.fault import NOT_BY_CHANCE, Act, Faults
from deploy.chaos.invariants import holes
from deploy.chaos.stage import Stage
from deploy.chaos.target.brokers import (
    CLOSED,
    FETCH,
    NOT_ENOUGH_REPLICAS,
    NOT_LEADER,
    PRODUCE,
    TIMED_OUT,
    Apache,
    Embedded,
)
from deploy.chaos.target.replica_set import OPLOG_MB
from deploy.chaos.target.zone import PARTS, RELAYS, WIRES

OPLOG_PATIENCE = 120.0
"""Seconds for the oplog to be cut off, and for new relays to find out and begin again."""
WIRE = [[f"{name}~{server}"] for name in PARTS for server in WIRES]

fault = Faults()


# wires


@fault("connection cut", WIRE)
async def cut(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Reset, and refused for a while."""
    link = stage.zone.links[wire(targets[0])]
    if not link.is_used:
        return None
    link.cut()
    await asyncio.sleep(dice.uniform(0.1, 3))
    link.heal()
    return 0


@fault("connection black-holed", WIRE)
async def silence(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Open, and nothing comes through."""
    link = stage.zone.links[wire(targets[0])]
    if not link.is_used:
        return None
    link.silence()
    await asyncio.sleep(dice.uniform(3, 8))
    link.heal()
    return 0


def wire(target: str) -> tuple[str, str]:
    """The link that a target names."""
    name, _, server = target.partition("~")
    return name, server


# the database


@fault("mongod killed", [["mongod"]])
async def kill_mongod(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Kill -9 of the primary, and a new start on the same data; of several, once another has taken over."""
    killed = await stage.zone.mongod.primary()
    await asyncio.to_thread(killed.kill)
    if not stage.zone.mongod.is_alone:
        await stage.zone.mongod.primary()
    await asyncio.sleep(dice.uniform(0, 1.5))
    await killed.start()
    return 0


@fault("primary steps down", [["mongod"]])
async def step_down(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """No primary until it is elected again: every connection is closed, every transaction ends."""
    stepping_down = {"replSetStepDown": 1, "secondaryCatchUpPeriodSecs": 0, "force": True}
    await (await stage.zone.mongod.primary()).tell(stepping_down)
    await stage.zone.mongod.primary()
    return 0


@fault("commit without an answer", [["mongod"]])
async def lose_commits(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Commits take effect, and the server says that it does not know whether they will stay."""
    unknown = {"code": 91, "codeName": "ShutdownInProgress", "errmsg": "chaos"}
    async with fail_commits(stage, {"times": dice.randint(1, 4)}, writeConcernError=unknown):
        await asyncio.sleep(2)
    return 0


@fault("outcome unknown", [["mongod"]])
async def lose_outcomes(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """No commit of the registry is answered for longer than it repeats them: its callers are told that nobody knows.

    None takes effect either: of one that did the registry finds the answer itself.
    """
    before = stage.journal.unknown
    with contextlib.suppress(TimeoutError):
        async with (
            fail_commits(stage, "alwaysOn", closeConnection=True, appName="zone-registry"),
            asyncio.timeout(NOT_BY_CHANCE),
        ):
            while stage.journal.unknown == before:
                await asyncio.sleep(0.1)
    return 0 if stage.journal.unknown > before else None


@contextlib.asynccontextmanager
async def fail_commits(stage: Stage, mode: Any, **how: Any) -> AsyncIterator[None]:
    """MongoDB's own fail point, on meanwhile."""
    data = {"failCommands": ["commitTransaction"], **how}
    for member in stage.zone.mongod.members:
        await member.tell({"configureFailPoint": "failCommand", "mode": mode, "data": data})
    try:
        yield
    finally:
        for member in stage.zone.mongod.members:
            await member.tell({"configureFailPoint": "failCommand", "mode": "off"})


@fault("oplog overrun", [("mongod", "kafka", *RELAYS)])
async def overrun(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """More is written while no relay lives than the oplog holds, so that no token can be resumed."""
    store = stage.zone.store("registry")
    stage.complaints += await holes(stage.zone)
    for name in RELAYS:
        stage.zone.parts[name].kill()
    (before,) = await store.read("relay", ["outbox"]) or [{}]
    client = store.database.client
    junk, oplog = client.get_database("junk"), client.get_database("local")["oplog.rs"]
    everyone = {"w": len(stage.zone.mongod.members)}  # who falls behind the oplog comes back no more
    (last,) = await oplog.find({}, {"ts": 1}, sort=[("$natural", -1)], limit=1).to_list(1)
    give_up = time.monotonic() + OPLOG_PATIENCE
    while await oplog.count_documents({"ts": last["ts"]}):
        rows = [{"filler": dice.randbytes(1_000_000)} for _ in range(OPLOG_MB)]
        await junk.command({"insert": "junk", "documents": rows, "writeConcern": everyone})
        await asyncio.sleep(0.5)
        if time.monotonic() > give_up:
            break
    is_overrun = not await oplog.count_documents({"ts": last["ts"]})
    await junk.drop_collection("junk")
    for name in RELAYS:
        await stage.zone.restart(name)
    if not is_overrun:
        return None
    give_up = time.monotonic() + OPLOG_PATIENCE
    while time.monotonic() < give_up:
        (now,) = await store.read("relay", ["outbox"])
        if now.get("resyncs", 0) > before.get("resyncs", 0):
            return 0
        await asyncio.sleep(0.2)
    stage.complaints.append("the oplog was overrun, and no relay began again")
    return 0


# the broker


@fault("broker killed", [["kafka"]])
async def kill_broker(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Kill -9; the in-process one closes its connections and refuses new ones."""
    stage.zone.broker.go_away()
    await asyncio.sleep(dice.uniform(0.5, 3))
    await stage.still_writes("the broker was away")
    await stage.zone.broker.come_back()
    return 0


@fault("broker wiped", [["kafka"]])
async def wipe_broker(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Its log is gone, and another cluster answers in its place."""
    stage.complaints += await holes(stage.zone)
    await stage.zone.broker.wipe()
    return 0


@fault("broker paused", [["kafka"]], broker="apache")
async def pause_broker(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """SIGSTOP: it holds its connections and says nothing."""
    assert isinstance(stage.zone.broker, Apache)
    stage.zone.broker.pause()
    await asyncio.sleep(dice.uniform(3, 7))
    await stage.still_writes("the broker stood still")
    stage.zone.broker.resume()
    return 0


@fault("broker slow", [["kafka"]])
async def slow_broker(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
    """Every piece on every wire to it waits."""
    links = [link for (_, server), link in stage.zone.links.items() if server == "kafka"]
    for link in links:
        link.slow_down(dice.uniform(0.1, 0.4))
    await asyncio.sleep(dice.uniform(2, 5))
    for link in links:
        link.slow_down(0)
    return 0


def refuse(kind_of_request: int) -> Act:
    """Errors, and closed connections, in answer to one kind of request."""

    async def act(stage: Stage, targets: Sequence[str], dice: random.Random) -> int | None:
        broker = stage.zone.broker
        assert isinstance(broker, Embedded)
        kinds = (
            (NOT_LEADER, NOT_ENOUGH_REPLICAS, TIMED_OUT, CLOSED) if kind_of_request == PRODUCE else (NOT_LEADER, CLOSED)
        )
        broker.refuse(kind_of_request, dice.choices(kinds, k=dice.randint(1, 8)))
        await asyncio.sleep(dice.uniform(1, 3))
        broker.refuse_no_more(kind_of_request)
        return 0

    return act


fault("errors on produce", [["kafka"]], broker="embedded")(refuse(PRODUCE))
fault("errors on fetch", [["kafka"]], broker="embedded")(refuse(FETCH))
