"""The consumer, from the log to the committed figure: against one bulk write a poll, and one transaction an event."""

import asyncio
import uuid

import orjson
from pymongo import UpdateOne

from deploy.bench import faststream
from deploy.bench.contest import Clock, Contest, Line, Round, Stopwatch, Took
from deploy.bench.event_log import Log, Tally, told
from deploy.bench.stage import Stage
from deploy.bench.write import Made
from services.chassis.background.condition import Condition
from services.chassis.consuming.batch import Batch
from services.chassis.consuming.breaker import Breaker
from services.chassis.consuming.consumer import MAX_RECORDS, POLL_SECONDS
from services.chassis.consuming.group import Group
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.ids import new_id
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Record
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Adjust, by_collection
from services.chassis.testing.event_keys import KEYS
from services.chassis.testing.memory_store import MemoryStore
from services.contracts.registry.businesses import BusinessKind, BusinessRegistered, LegalForm
from services.metrics.handlers import on as metrics
from services.metrics.main import service as metrics_service

SUBJECTS, EVENTS_EACH, BUSINESSES_REGISTERED, ALONE = 1_500, 10, 4_000, 150
ROUNDS = 4
on = Handlers()


@on(Made, loads=lambda event: [(Tally, event.business_id)])
async def add_up(event: Made, tx: Tx) -> None:
    tally = await tx.find(Tally, event.business_id) or Tally(id=event.business_id)
    tally.count += 1
    tally.amount += event.amount
    tx.save(tally)


def things() -> list[Record]:
    """Each of some subjects has the same number of events, in turn."""
    subjects = [new_id("thg") for _ in range(SUBJECTS)]
    return [
        told(Made(business_id=subject, name="synthetic", amount=number), subject, number)
        for number in range(1, EVENTS_EACH + 1)
        for subject in subjects
    ]


def registrations(count: int, *, with_figures: bool = False) -> list[Record]:
    """Registrations as the registry tells them, over a few years and sectors; with all figures that one can state."""
    found = []
    for number in range(count):
        id, money = new_id("biz"), {"amount": 1_000_000 + number, "currency": "CNY"}
        revenue = {"revenue": money, "revenue_period": "2017"}
        figures = {"as_of": "2018-04-30", "valuation": money, "employees": 40, **revenue} if with_figures else None
        event = BusinessRegistered.model_validate(
            {
                "business_id": id,
                "registration_number": "KEZ1234567809",
                "partner_id": "par_1",
                "kind": (BusinessKind.INDUSTRIAL, BusinessKind.CLOUD)[number % 2],
                "legal_form": LegalForm.LIMITED_COMPANY,
                "name": "示例 (synthetic)",
                "sector": ("3111", "5292", "6513", "0111")[number % 4],
                "zone_entry_on": f"20{10 + number % 8}-01-01",
                "opening_figures": figures,
            }
        )
        found.append(told(event, id, 1))
    return found


async def projected(
    store: MongoStore, log: Log, handlers: Handlers, clock: Clock, *, at_once: int, events: int
) -> Took:
    """Through the whole of the consumer, until that many events have taken effect."""
    group = f"bench.{uuid.uuid4().hex}"
    processor = Processor(Group(group, store, handlers, KEYS), Condition("bench"))
    positions, enough = Positions(group, log.cluster, log.start, ()), asyncio.Event()
    reader = await Reader.opened(log.bootstrap, log.start)
    try:
        done, watch = 0, Stopwatch(clock)
        while done < events:
            records = await reader.poll(min(at_once, events - done), POLL_SECONDS)
            await processor.process(records, positions, enough)
            done += len(records)
        watch.end()
        return watch.took(done)
    finally:
        await reader.close()


async def folded(store: MongoStore, log: Log, clock: Clock) -> Took:
    """Without any protection: read, add up, one bulk write a poll, no transaction and no position."""
    tallies = store.database[f"tallies_{uuid.uuid4().hex}"]
    reader = await Reader.opened(log.bootstrap, log.start)
    try:
        done, watch = 0, Stopwatch(clock)
        while done < log.events:
            records = await reader.poll(MAX_RECORDS, POLL_SECONDS)
            sums: dict[str, list[int]] = {}
            for record in records:
                data = orjson.loads(record.value or b"")
                found = sums.setdefault(data["business_id"], [0, 0])
                found[0] += 1
                found[1] += data["amount"]
            if sums:
                moves = [
                    UpdateOne({"_id": id}, {"$inc": {"count": count, "amount": amount}}, upsert=True)
                    for id, (count, amount) in sums.items()
                ]
                await tallies.bulk_write(moves, ordered=False)
            done += len(records)
        watch.end()
        return watch.took(done)
    finally:
        await reader.close()


async def empty(store: MongoStore) -> None:
    """Begin with new collections: what deleted documents and their keys cost later would count as the next round's."""
    for name in ("tallies", "inbox", "offsets", "entities", "buckets"):
        await store.database.drop_collection(name)
    await store.prepare([Tally, *metrics_service.documents])


async def written_by(record: Record) -> str:
    """What one event makes metrics write, without the position: documents by collection, and counters in buckets."""
    batch = Batch(Group("bench", MemoryStore.of(metrics_service), metrics, KEYS), [record], Breaker())
    await batch.fold()
    writes = batch.tx.pending()
    documents = ", ".join(f"{len(group)} {name}" for name, group in by_collection(writes).items())
    return f"{sum(len(write.increments) for write in writes if isinstance(write, Adjust))} counters in: {documents}"


async def measure(stage: Stage) -> list[Line]:
    simple = await Log.of(stage.bootstrap, things())
    real = await Log.of(stage.bootstrap, registrations(BUSINESSES_REGISTERED))
    stated = registrations(BUSINESSES_REGISTERED, with_figures=True)
    full = await Log.of(stage.bootstrap, stated)
    store = MongoStore(stage.mongo_url, "bench_projection", "bench")
    clock = stage.clock("mongod", "kafka")

    async def fresh(log: Log, handlers: Handlers, *, at_once: int = MAX_RECORDS, events: int = 0) -> Took:
        await empty(store)
        return await projected(store, log, handlers, clock, at_once=at_once, events=events or log.events)

    async def by_faststream() -> Took:
        await empty(store)
        return await faststream.projected(store, simple, clock)

    others: dict[str, Round] = {"FastStream": by_faststream} if faststream.is_installed() else {}
    found = await Contest.of(
        {
            "the fold alone": lambda: folded(store, simple, clock),
            "the consumer": lambda: fresh(simple, on),
            "a transaction an event": lambda: fresh(simple, on, at_once=1, events=ALONE),
            "metrics": lambda: fresh(real, metrics),
            "metrics, all figures": lambda: fresh(full, metrics),
            "metrics, all figures, a transaction an event": lambda: fresh(full, metrics, at_once=1, events=ALONE),
            **others,
        },
        ROUNDS,
    )
    store.close()
    return [
        found.line("read, add up, one bulk write a poll, no protection", "the fold alone"),
        found.line("the consumer, the same sums", "the consumer", "the fold alone", "0.25"),
        found.line("the consumer, the same sums", "the consumer", "a transaction an event", "50"),
        *against_faststream(found, bool(others)),
        found.line("metrics' own projection of registrations", "metrics", "the consumer"),
        found.line("the same, with all figures that one can state", "metrics, all figures", "the consumer", "0.5"),
        found.line("the same, a transaction an event", "metrics, all figures, a transaction an event"),
        Line("what one of them writes", await written_by(stated[0])),
    ]


def against_faststream(found: Contest, is_known: bool) -> list[Line]:
    """The consumer beside FastStream, or a sentence where that is not installed."""
    if not is_known:
        return [Line("FastStream's batch subscriber", faststream.ABSENT)]
    return [
        found.line("FastStream's batch subscriber, one transaction a batch", "FastStream"),
        found.line("the consumer, the same sums", "the consumer", "FastStream", "1.2"),
    ]
