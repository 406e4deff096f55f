"""The evidence of a run, read past every link: documents, outboxes, the log, and what consumers made of it."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.chaos.target.zone import SERVICES, ChaosZone, service_named
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.envelope import Undecodable
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document

PAGE = 5_000


@dataclass(frozen=True)
class Evidence:
    """One reading of everything, while nobody writes.

    Attributes:
        collections: by service and name.
        aggregates: by service, the documents that number events.
        topics: by service, those that it consumes; none where it consumes nothing.
        log: every record that is an event, each partition in its order; `unreadable`: what else stands there.
        ends: where each partition ends.
        cluster: which log it is.
    """

    collections: Mapping[str, Mapping[str, Sequence[Document]]]
    aggregates: Mapping[str, Sequence[Document]]
    topics: Mapping[str, Sequence[str]]
    log: Sequence[Record]
    ends: Mapping[Partition, int]
    cluster: str
    unreadable: Sequence[Record] = ()

    def rows(self, service: str, collection: str) -> Sequence[Document]:
        return self.collections[service].get(collection, ())

    def by_id(self, service: str, collection: str) -> dict[str, Document]:
        return {row["_id"]: row for row in self.rows(service, collection)}

    def events(self) -> dict[str, Document]:
        """Every committed event of every service, by its id."""
        return {row["_id"]: row for service in self.collections for row in self.rows(service, "outbox")}

    def expected_by(self, service: str) -> dict[str, Document]:
        """The events that a service's consumer has to have heard."""
        return {id: row for id, row in self.events().items() if row["topic"] in self.topics[service]}


async def evidence_of(zone: ChaosZone) -> Evidence:
    """Read it all. Raises whatever a database or a broker that is not well raises."""
    collections, aggregates, topics = {}, {}, {}
    for name in SERVICES:
        service = service_named(name)
        store = zone.store(name)
        found = await store.database.list_collection_names()
        collections[name] = {each: await whole(store, each) for each in found}
        topics[name] = service.handlers.topics if service.handlers else []
        aggregates[name] = [
            document
            for cls in service.documents
            if issubclass(cls, Aggregate)
            for document in collections[name].get(cls.collection, ())
        ]
    cluster, _ = await describe_log(zone.broker.bootstrap)
    log = await all_in_log_of(zone.broker.bootstrap)
    ends: defaultdict[Partition, int] = defaultdict(int)
    for record in log:
        ends[record.place] = max(ends[record.place], record.offset + 1)
    unreadable = [record for record in log if not is_event(record)]
    return Evidence(collections, aggregates, topics, list(filter(is_event, log)), ends, cluster, unreadable)


async def whole(store: MongoStore, collection: str) -> list[Document]:
    """A collection in `_id` order."""
    return await store.select(collection, {}, [("_id", 1)], 10_000_000)


async def log_of(bootstrap: str) -> list[Record]:
    """Every event in the zone's topics, but for the dead letters. Raises KafkaFailure."""
    return list(filter(is_event, await all_in_log_of(bootstrap)))


async def all_in_log_of(bootstrap: str) -> list[Record]:
    """Also what is no event. Raises KafkaFailure."""
    _, counts = await describe_log(bootstrap)
    places = [Partition(topic, n) for topic, count in counts.items() if is_of_the_zone(topic) for n in range(count)]
    reader = await Reader.opened(bootstrap, dict.fromkeys(places, 0))
    try:
        ends = await reader.ends()
        unread = {place for place, end in ends.items() if end}
        records: list[Record] = []
        async with asyncio.timeout(30):
            while unread:
                found = await reader.poll(PAGE, 1.0)
                unread -= {each.place for each in found if each.offset + 1 >= ends[each.place]}
                records += found
        return records
    finally:
        await reader.close()


def is_event(record: Record) -> bool:
    """Whether it can be read as one."""
    try:
        record.envelope()
    except Undecodable:
        return False
    return not record.fault


def is_of_the_zone(topic: str) -> bool:
    """Whether events stand in it, and not copies of dead letters."""
    return topic.startswith("zone.") and not topic.endswith(".dead-letters")


def business_of(record: Mapping[str, Any]) -> str | None:
    """The business that a parked record is about."""
    raw = dict(record["headers"]).get("ce_businessid")
    return raw.decode() if raw else None
