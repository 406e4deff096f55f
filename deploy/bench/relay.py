"""The relay, from the rows of the outbox to the broker's acknowledgement, against the producer alone."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence

from deploy.bench.contest import Clock, Contest, Line, Stopwatch, Took
from deploy.bench.stage import TOPIC, Stage
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import utc_now
from services.chassis.kafka.producer import Producer
from services.chassis.publishing import relay as relay_module
from services.chassis.publishing.publisher import Publisher, record_of_row
from services.chassis.publishing.relay import Relay
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document, Insert
from services.chassis.testing.event_keys import KEY

EVENTS, ROUNDS = 15_000, 4
AT_ONCE = 1_000
PATIENCE = 60.0


class Observed:
    """When the first of some events was taken up, and when the last was acknowledged."""

    def __init__(self, clock: Clock) -> None:
        self.watch, self.events = Stopwatch(clock), 0

    def publisher(self, store: MongoStore, bootstrap: str, key: bytes) -> Publisher:
        seen = self

        class Timed(Publisher):
            async def publish(self, rows: Sequence[Document]) -> None:
                if not seen.events:
                    seen.watch.begin()
                await super().publish(rows)
                seen.watch.end()
                seen.events += len(rows)

        return Timed(store, bootstrap, key)


@contextlib.contextmanager
def observed(clock: Clock) -> Iterator[Observed]:
    """Look over the relay's shoulder."""
    seen, real = Observed(clock), Publisher
    setattr(relay_module, "Publisher", seen.publisher)  # noqa: B010 – the type checker would not let it be replaced
    try:
        yield seen
    finally:
        setattr(relay_module, "Publisher", real)  # noqa: B010 – the same


def rows(events: int, topic: str) -> list[Document]:
    """Committed events of as many aggregates, as the outbox holds them."""
    row: Document = {"topic": topic, "type": "zone.bench.thing.made.v1", "time": utc_now(), "effective_at": None}
    row |= {
        "partner_id": "par_0",
        "actor": "cli_0",
        "request_id": "0" * 32,
        "headers": {"traceparent": f"00-{'a' * 32}-{'b' * 16}-00"},
    }
    row |= {"data": b'{"amount":1,"business_id":"thg_0","name":"synthetic"}' * 4, "hash": "0" * 64}
    found = []
    for _ in range(events):
        id = new_id("thg")
        found.append({"_id": f"{id}:0000000001", **row, "key": id, "business_id": id})
    return found


async def published_by_relay(store: MongoStore, bootstrap: str, clock: Clock) -> Took:
    """A relay that has some events waiting behind its resume token."""
    waiting = rows(EVENTS, TOPIC)
    for start in range(0, EVENTS, AT_ONCE):
        await store.commit([Insert("outbox", row) for row in waiting[start : start + AT_ONCE]])
    with observed(clock) as seen:
        stop = asyncio.Event()
        running = asyncio.create_task(Relay(store, bootstrap, KEY, keep="all").run(stop))
        async with asyncio.timeout(PATIENCE):
            while seen.events < EVENTS:
                await asyncio.sleep(0.01)
        stop.set()
        await running
    return seen.watch.took(EVENTS)


async def produced(bootstrap: str, clock: Clock) -> Took:
    """What the producer alone brings into the log, made beforehand."""
    records = [record_of_row(row, "/bench", KEY) for row in rows(EVENTS, TOPIC)]
    producer = await Producer.started(bootstrap)
    try:
        watch = Stopwatch(clock)
        await producer.send(records)
        watch.end()
        return watch.took(EVENTS)
    finally:
        await producer.close()


async def measure(stage: Stage) -> list[Line]:
    store = MongoStore(stage.mongo_url, "bench_relay", "bench")
    await store.prepare([])
    stop = asyncio.Event()
    first = Relay(store, stage.bootstrap, KEY, keep="all")
    beginning = asyncio.create_task(first.run(stop))  # finds its place in the stream, and leaves it noted
    async with asyncio.timeout(PATIENCE):
        while not await store.select("relay", {"resume_token": {"$exists": True}}, [("_id", 1)], 1):
            await asyncio.sleep(0.05)
    stop.set()
    await beginning
    contenders = {
        "raw produce": lambda: produced(stage.bootstrap, stage.clock("kafka")),
        "relay": lambda: published_by_relay(store, stage.bootstrap, stage.clock("mongod", "kafka")),
    }
    found = await Contest.of(contenders, ROUNDS)
    store.close()
    return [
        found.line("raw produce, acks=all, idempotent", "raw produce"),
        found.line("relay", "relay", "raw produce", "0.4"),
    ]
