"""FastStream's batch subscriber with one transaction a batch: what others would write, where it is installed.

It keeps neither order nor duplicates apart; what it costs is what a framework and the same sums cost.
"""

import asyncio
import importlib
import importlib.util
import uuid
from typing import Any, Final

from deploy.bench.contest import Clock, Stopwatch, Took
from deploy.bench.event_log import Log, Tally
from deploy.bench.write import Made
from services.chassis.consuming.consumer import MAX_RECORDS
from services.chassis.domain.times import utc_now
from services.chassis.kafka.reader import Reader
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx

ABSENT: Final = "left out, as FastStream is not installed (uv pip install --group benchmark)"
PATIENCE = 60.0


def is_installed() -> bool:
    return importlib.util.find_spec("faststream") is not None


async def projected(store: Store, log: Log, clock: Clock) -> Took:
    """All events of a log through its batch subscriber; counted from the end of the first batch on.

    Before that it joins its group, which takes seconds of its own.
    """
    faststream, kafka = importlib.import_module("faststream"), importlib.import_module("faststream.kafka")
    group = f"bench.{uuid.uuid4().hex}"
    reader = await Reader.opened(log.bootstrap, log.start)
    await reader.tell(group, log.start)
    await reader.close()
    broker: Any = kafka.KafkaBroker(log.bootstrap, logger=None)
    watch, sizes, all_done = Stopwatch(clock), list[int](), asyncio.Event()

    @broker.subscriber(  # type: ignore[untyped-decorator, unused-ignore]  # of a library that may be absent
        log.topic, batch=True, group_id=group, max_records=MAX_RECORDS, ack_policy=faststream.AckPolicy.ACK
    )
    async def add_up(events: list[Made]) -> None:
        tx = Tx(store, now=utc_now())
        await tx.load(Tally, (event.business_id for event in events))
        for event in events:
            tally = await tx.find(Tally, event.business_id) or Tally(id=event.business_id)
            tally.count += 1
            tally.amount += event.amount
            tx.save(tally)
        await tx.commit()
        sizes.append(len(events))
        if len(sizes) == 1:
            watch.begin()
        if sum(sizes) >= log.events:
            watch.end()
            all_done.set()

    await broker.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await all_done.wait()
    finally:
        await broker.stop()
    return watch.took(sum(sizes[1:]))
