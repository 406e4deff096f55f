"""Everything that a running zone keeps, as text: each document, each record of each topic, each line of its logs."""

import asyncio
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import AsyncMongoClient

from services.chassis.kafka.client import describe_log
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from tests.incubator.searching import spelt
from tests.zone_under_test import PATIENCE, ZoneUnderTest

OF_THE_SERVER = {"admin", "config", "local"}
"""Databases of mongod itself; its replication log in `local` rolls over."""


class Kept(NamedTuple):
    """One thing that is kept.

    Attributes:
        place: its collection, topic or file.
        until: when mongod removes it by itself, as it does stored answers; None where it does not.
    """

    place: str
    text: str
    until: datetime | None = None


async def everything(zone: ZoneUnderTest) -> list[Kept]:
    """All that is kept at the moment, dead letters included."""
    logs = [Kept(file.name, file.read_text(errors="replace")) for file in zone.folder.logs.iterdir() if file.is_file()]
    documents, records = await _documents(zone), await _records(zone)
    assert documents
    assert records
    return [*documents, *records, *logs]


def places_of(word: str, kept: list[Kept], *, at: datetime) -> set[str]:
    """Where a word stands at a moment, now or to come."""
    return {each.place for each in kept if word in each.text and (each.until is None or at < each.until)}


async def _documents(zone: ZoneUnderTest) -> list[Kept]:
    found: list[Kept] = []
    async with AsyncMongoClient[dict[str, Any]](zone.server("mongod").address, tz_aware=True) as mongo:
        for database in sorted({*await mongo.list_database_names()} - OF_THE_SERVER):
            for name in await mongo[database].list_collection_names():
                found += [
                    Kept(f"{database}.{name}", spelt(each), each.get("expires_at"))
                    async for each in mongo[database][name].find()
                ]
    return found


async def _records(zone: ZoneUnderTest) -> list[Kept]:
    broker: Any = next(each for each in zone.launcher.servers if hasattr(each, "bootstrap"))
    _, there = await describe_log(broker.bootstrap)
    wanted = [Partition(topic, number) for topic, count in there.items() for number in range(count)]
    reader = await Reader.opened(broker.bootstrap, dict.fromkeys(wanted, 0))
    try:
        left = {partition: end for partition, end in (await reader.ends()).items() if end}
        found = []
        async with asyncio.timeout(PATIENCE):
            while left:
                for record in await reader.poll(1000, 1.0):
                    if record.offset + 1 >= left.get(record.place, 0):
                        left.pop(record.place, None)
                    said = (record.key, record.value, *(each for header in record.headers for each in header))
                    found.append(Kept(record.topic, spelt(list(said))))
    finally:
        await reader.close()
    return found
