"""Events that a relay has pruned from its outbox: only the log holds them, and a backup brings them back from there."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, Final

from deploy.backup.carried import SET_BY_THE_SERVER
from deploy.backup.chains import Numbered
from deploy.servers.topics import event_topics
from services.chassis.consuming.letter import opened
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.events import service_of
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from services.chassis.store.writes import Document

AT_ONCE: Final = 1_000
PATIENCE_S: Final = 60.0
"""Seconds in which something must come of a log that is not read to its end."""

Before = dict[str, int]
"""Subject → the number of its first event that the outbox still holds; those before it have been pruned."""


def pruned(ids: Iterable[str], aggregates: Mapping[str, Numbered]) -> Before:
    """What an outbox lacks of what its aggregates have recorded.

    Args:
        ids: of its rows, in their order.
    """
    first: Before = {}
    for id in ids:
        subject, _, number = id.rpartition(":")
        first.setdefault(subject, int(number))
    everyone = {subject: first.get(subject, each.sequence + 1) for subject, each in aggregates.items()}
    return {subject: number for subject, number in everyone.items() if number > 1}


def count(before: Before) -> int:
    """How many events they are."""
    return sum(number - 1 for number in before.values())


async def brought_back(bootstrap: str, service: str, before: Before, keys: ProducerKeys) -> AsyncIterator[Document]:
    """The rows of those events, each once, as far as the log holds them.

    What no service of the zone wrote is passed over, as its consumers do.

    Raises:
        KafkaFailure: the log cannot be read. TimeoutError: nothing comes of it.
    """
    _, counts = await describe_log(bootstrap)
    topics = [topic.name for topic in event_topics() if service_of(topic.name) == service]
    places = [Partition(topic, number) for topic in topics for number in range(counts.get(topic, 0))]
    if not places:
        return
    reader = await Reader.opened(bootstrap, dict.fromkeys(places, 0))
    try:
        begins, ends = await reader.begins(), await reader.ends()
        unread = {place for place in places if ends[place] > begins[place]}
    finally:
        await reader.close()
    reader = await Reader.opened(bootstrap, {place: begins[place] for place in unread})
    found = set[str]()
    try:
        while unread:
            async with asyncio.timeout(PATIENCE_S):
                while not (records := await reader.poll(AT_ONCE, 1.0)):
                    pass
            for record in records:
                if record.offset + 1 >= ends[record.place]:
                    unread.discard(record.place)
                envelope = opened(record, keys).envelope
                if envelope is None or envelope.id in found or envelope.sequence >= before.get(envelope.subject, 0):
                    continue
                found.add(envelope.id)
                yield row_of(envelope)
    finally:
        await reader.close()


def row_of(envelope: Envelope) -> Document:
    """The outbox row of an event, but for who acted and in which request: that only the outbox knew."""
    context = {"traceparent": envelope.traceparent, "tracestate": envelope.tracestate}
    return {
        "_id": envelope.id,
        "topic": envelope.topic,
        "key": envelope.key,
        "type": envelope.type,
        "time": envelope.time,
        "effective_at": envelope.effective_at,
        "business_id": envelope.business_id,
        "partner_id": envelope.partner_id,
        "actor": None,
        "request_id": None,
        "headers": {name: value for name, value in context.items() if value is not None},
        "data": envelope.data,
        "hash": envelope.hash,
        "at": SET_BY_THE_SERVER,
    }


def together(rows: AsyncIterator[Document]) -> Iterator[Any]:
    """The rows of an asynchronous source, one by one, for code that is not asynchronous."""
    with asyncio.Runner() as runner:
        while (row := runner.run(_next(rows))) is not None:
            yield row


async def _next(rows: AsyncIterator[Document]) -> Document | None:
    return await anext(rows, None)
