"""The consumer, from the log to the committed figure: against one bulk write a poll, and one transaction an event."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import orjson
from pymongo import UpdateOne

from deploy.bench.contest import Clock, Contest, Line, Stopwatch, Took
from deploy.bench.stage import Stage
from deploy.bench.write import Made
from services.chassis.background.condition import Condition
from services.chassis.consuming.batch import Group
from services.chassis.consuming.consumer import MAX_RECORDS, POLL_SECONDS
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import Event
from services.chassis.domain.ids import new_id
from services.chassis.domain.times import utc_now
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.mongo import MongoStore
from services.chassis.store.outbox_row import canonical
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY, KEYS
from services.contracts.registry.businesses import BusinessKind, BusinessRegistered, LegalForm
from services.metrics.handlers import on as metrics
from services.metrics.main import service as metrics_service

SUBJECTS, EVENTS_EACH, BUSINESSES_REGISTERED, ALONE = 1_500, 10, 4_000, 150
ROUNDS = 4
on = Handlers()


class Tally(Aggregate):
    """What a projection of the simplest kind keeps."""

    collection: ClassVar[str] = "tallies"

    count: int = 0
    amount: int = 0


@on(Made, loads=lambda event: [(Tally, event.business_id)])
async def add_up(event: Made, tx: Tx) -> None:
    tally = await tx.find(Tally, event.business_id) or Tally(id=event.business_id)
    tally.count += 1
    tally.amount += event.amount
    tx.save(tally)


def told(event: Event, subject: str, sequence: int) -> Record:
    """An event as the relay brings it into the log."""
    envelope = Envelope(
        id=f"{subject}:{sequence:010d}",
        source="/bench",
        type=event.wire_name,
        subject=subject,
        sequence=sequence,
        time=utc_now(),
        topic=event.topic.name,
        key=subject,
        data=canonical(event),
        business_id=subject,
        hash="0" * 64,
        traceparent=f"00-{'a' * 32}-{'b' * 16}-00",
    )
    return record_of(envelope, KEY)


def things() -> list[Record]:
    """Each of some subjects has the same number of events, in turn."""
    subjects = [new_id("thg") for _ in range(SUBJECTS)]
    return [
        told(Made(business_id=subject, name="synthetic", amount=number), subject, number)
        for number in range(1, EVENTS_EACH + 1)
        for subject in subjects
    ]


def registrations() -> list[Record]:
    """Registrations as the registry tells them, over a few years and sectors."""
    found = []
    for number in range(BUSINESSES_REGISTERED):
        id = new_id("biz")
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
                "opening_figures": None,
            }
        )
        found.append(told(event, id, 1))
    return found


@dataclass(frozen=True)
class Log:
    """Events that are all of their kind in the log, and where to begin to read them once more."""

    bootstrap: str
    cluster: str
    start: Mapping[Partition, int]
    events: int

    @classmethod
    async def of(cls, bootstrap: str, records: Sequence[Record]) -> Self:
        """Bring them into the log, behind whatever their topic holds already."""
        topic = records[0].topic
        cluster, counts = await describe_log(bootstrap)
        reader = await Reader.opened(bootstrap, {Partition(topic, number): 0 for number in range(counts[topic])})
        start = await reader.ends()
        await reader.close()
        producer = await Producer.started(bootstrap)
        await producer.send(records)
        await producer.close()
        return cls(bootstrap, cluster, start, len(records))


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


async def measure(stage: Stage) -> list[Line]:
    simple, real = await Log.of(stage.bootstrap, things()), await Log.of(stage.bootstrap, registrations())
    store = MongoStore(stage.mongo_url, "bench_projection", "bench")
    await store.prepare([Tally, *metrics_service.documents])
    clock = stage.clock("mongod", "kafka")

    async def fresh(log: Log, handlers: Handlers, *, at_once: int = MAX_RECORDS, events: int = 0) -> Took:
        for name in ("tallies", "inbox", "offsets", "entities", "buckets"):
            await store.database[name].delete_many({})
        return await projected(store, log, handlers, clock, at_once=at_once, events=events or log.events)

    found = await Contest.of(
        {
            "the fold alone": lambda: folded(store, simple, clock),
            "the consumer": lambda: fresh(simple, on),
            "a transaction an event": lambda: fresh(simple, on, at_once=1, events=ALONE),
            "metrics": lambda: fresh(real, metrics),
            "metrics, a transaction an event": lambda: fresh(real, metrics, at_once=1, events=ALONE),
        },
        ROUNDS,
    )
    store.close()
    return [
        found.line("read, add up, one bulk write a poll, no protection", "the fold alone"),
        found.line("the consumer, the same sums", "the consumer", "the fold alone", "0.25"),
        found.line("the consumer, the same sums", "the consumer", "a transaction an event", "50"),
        found.line("metrics' own projection of registrations", "metrics", "metrics, a transaction an event"),
    ]
