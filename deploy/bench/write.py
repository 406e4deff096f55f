"""The write path at the store: one aggregate, one event and one idempotency record, by 1, 10 and 50 writers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, ClassVar

from deploy.bench.contest import Clock, Contest, Line, Round, Stopwatch, Took
from deploy.bench.stage import TOPIC, Stage
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Document, Insert

SECONDS, ROUNDS = 0.6, 4
WRITERS = (1, 10, 50)
GROUP_GOALS = {1: "0.95", 10: "2.5", 50: "5"}


class Made(Event, name="zone.bench.thing.made.v1", topic=Topic(TOPIC)):
    """A thing was made."""

    business_id: str
    name: str
    amount: int


class Thing(Aggregate):
    """What is written: as much as a small business has."""

    collection: ClassVar[str] = "things"

    name: str
    amount: int
    notes: list[str]


NOTES = ["示例 (synthetic)"] * 20
ANSWER = b'{"id": "thg_0", "name": "synthetic"}' * 20


def unit(store: Store, *, taken: bool = False) -> Tx:
    """A unit of work that is ready to commit, as the route of a POST leaves it."""
    tx = Tx(store, now=utc_now(), request_id="0" * 32)
    thing = tx.save(Thing(id=new_id("thg"), name="示例 (synthetic)", amount=1, notes=NOTES))
    thing.record(Made(business_id=thing.id, name=thing.name, amount=1))
    if taken:
        tx.claim("name|taken", thing.id, taken=Conflict("Somebody has that name.", code="name_taken"))
    tx.write(Insert("idempotency", record(thing.id)))
    return tx


def record(key: str) -> Document:
    answer = {"status": 201, "headers": {}, "body": ANSWER, "expires_at": utc_now() + timedelta(hours=48)}
    return {"_id": f"cli_0|POST /v1/things|{key}", "fingerprint": "0" * 64, **answer}


async def bare(store: MongoStore) -> None:
    """The same three documents by hand, in one transaction of the driver."""
    database, id = store.database, new_id("thg")
    thing = {"_id": id, "version": 1, "sequence": 1, "last_hash": "0" * 64, "name": "示例", "amount": 1, "notes": NOTES}
    row: dict[str, Any] = {"_id": f"{id}:0000000001", "topic": TOPIC, "key": id, "type": Made.wire_name}
    row |= {"time": utc_now(), "effective_at": None, "business_id": id, "actor": "cli_0", "request_id": "0" * 32}
    row |= {"headers": {}, "data": b'{"amount":1,"business_id":"thg_0","name":"synthetic"}', "hash": "0" * 64}
    majority = database.read_concern, database.write_concern
    async with await database.client.start_session() as session, session.start_transaction(*majority):
        await database["idempotency"].insert_one(record(id), session=session)
        await database["things"].insert_one(thing, session=session)
        await database["outbox"].insert_one(row, session=session)


async def plain(store: MongoStore) -> None:
    """One insert without a transaction."""
    await store.database["things"].insert_one({"_id": new_id("thg"), "version": 1, "name": "示例", "notes": NOTES})


async def repeated(act: Callable[[int], Awaitable[None]], writers: int, clock: Clock, seconds: float = SECONDS) -> Took:
    """How often so many writers do something, each one after another."""
    done = 0
    end = time.perf_counter() + seconds

    async def write() -> None:
        nonlocal done
        while time.perf_counter() < end:
            done += 1
            await act(done)

    watch = Stopwatch(clock)
    await asyncio.gather(*(write() for _ in range(writers)))
    watch.end()
    return watch.took(done)


async def measure(stage: Stage) -> list[Line]:
    """Raises nothing but what the servers do."""
    store = MongoStore(stage.mongo_url, "bench_write", "bench")
    await store.prepare([Thing])
    holder = Tx(store, now=utc_now())
    holder.claim("name|taken", "thg_0")
    await holder.commit()
    group = GroupCommit(store)

    async def commit_some_refused(on: Store, number: int) -> None:
        try:
            await unit(on, taken=number % 20 == 0).commit()
        except Conflict:
            return

    acts: dict[str, Callable[[int], Awaitable[None]]] = {
        "a plain insert": lambda _: plain(store),
        "a bare transaction": lambda _: bare(store),
        "one transaction a request": lambda _: unit(store).commit(),
        "group commit": lambda _: unit(group).commit(),
        "one a request, 5 % refused": lambda number: commit_some_refused(store, number),
        "group commit, 5 % refused": lambda number: commit_some_refused(group, number),
    }
    lines = []
    for writers in WRITERS:
        contenders = {
            name: _round(act, writers, stage.clock("mongod"))
            for name, act in acts.items()
            if writers > 1 or "refused" not in name
        }
        found = await Contest.of(contenders, ROUNDS)
        at = f"{writers} writer{'s' * (writers > 1)}"
        single = "one transaction a request"
        lines += [
            found.line(f"{at}: a plain insert, without transaction", "a plain insert"),
            found.line(f"{at}: a bare transaction of the three inserts", "a bare transaction", "a plain insert"),
            found.line(f"{at}: {single}", single, "a bare transaction", "0.9" if writers == 1 else ""),
            found.line(f"{at}: group commit", "group commit", single, GROUP_GOALS[writers]),
        ]
        if writers > 1:
            refused = "group commit, 5 % refused"
            lines.append(found.line(f"{at}: {refused}", refused, single, "2.5"))
            lines.append(found.line(f"{at}: the same", refused, "one a request, 5 % refused"))
    store.close()
    return lines


def _round(act: Callable[[int], Awaitable[None]], writers: int, clock: Clock) -> Round:
    return lambda: repeated(act, writers, clock)
