"""FastStream's batch subscriber with one transaction a batch: what others would write, where it is installed.

It keeps neither order nor duplicates apart; what it costs is what a framework and the same sums cost.
"""

import asyncio
import importlib
import importlib.util
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from deploy.bench.contest import Clock, Stopwatch, Took
from deploy.bench.event_log import Log, Tally
from deploy.bench.write import Made
from services.chassis.consuming.consumer import MAX_RECORDS
from services.chassis.domain.events import Event
from services.chassis.domain.times import utc_now
from services.chassis.kafka.decoding import decode
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Record
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx

ABSENT: Final = "left out, as FastStream is not installed (uv pip install --group benchmark)"
PATIENCE = 60.0


def is_installed() -> bool:
    return importlib.util.find_spec("faststream") is not None


Fold = Callable[[Sequence[Any], Tx], Awaitable[None]]
"""What is done with the events of a batch, before its commit."""


async def tallied(events: Sequence[Made], tx: Tx) -> None:
    """Add up what the simplest projection does."""
    await tx.load(Tally, (event.business_id for event in events))
    for event in events:
        tally = await tx.find(Tally, event.business_id) or Tally(id=event.business_id)
        tally.count += 1
        tally.amount += event.amount
        tx.save(tally)


async def decoded(message: Any) -> list[Event]:
    """The events of a batch as FastStream brings it, each by the type that its headers name."""
    found = []
    for raw in message.raw_message:
        record = Record(raw.topic, raw.key, raw.value, tuple(raw.headers), raw.partition, raw.offset)
        event = decode(record.envelope())
        assert event is not None, "all of the log are known"
        found.append(event)
    return found


async def projected(
    store: Store, log: Log, clock: Clock, fold: Fold = tallied, *, event: Any = Made, decoder: Any = None
) -> Took:
    """All events of a log through its batch subscriber; counted from the end of the first batch on.

    Before that it joins its group, which takes seconds of its own.

    Args:
        event: what it reads the body of a message as.
        decoder: what makes the events of a batch, where the body alone does not say which they are.
    """
    faststream, kafka = importlib.import_module("faststream"), importlib.import_module("faststream.kafka")
    group = f"bench.{uuid.uuid4().hex}"
    reader = await Reader.opened(log.bootstrap, log.start)
    await reader.tell(group, log.start)
    await reader.close()
    broker: Any = kafka.KafkaBroker(log.bootstrap, logger=None)
    watch, sizes, all_done = Stopwatch(clock), list[int](), asyncio.Event()

    async def add_up(events: list[Any]) -> None:
        tx = Tx(store, now=utc_now())
        await fold(events, tx)
        await tx.commit()
        sizes.append(len(events))
        if len(sizes) == 1:
            watch.begin()
        if sum(sizes) >= log.events:
            watch.end()
            all_done.set()

    add_up.__annotations__["events"] = list[event]
    broker.subscriber(
        *log.topics,
        batch=True,
        group_id=group,
        max_records=MAX_RECORDS,
        decoder=decoder,
        ack_policy=faststream.AckPolicy.ACK,
    )(add_up)
    await broker.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await all_done.wait()
    finally:
        await broker.stop()
    return watch.took(sum(sizes[1:]))
