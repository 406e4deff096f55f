"""Erased means found nowhere: a whole running zone is searched for a person, before and after (requirement R4)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from deploy.public_api import call
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from services.chassis.kafka.topics import topic_partitions
from tests.zone_under_test import PATIENCE, People, ZoneUnderTest

pytestmark = pytest.mark.xdist_group("zone")

NAME, EMAIL, REASON = "示例隐名氏", "hidden.person@graduates.example", "示例缘由其一"
WORDS = (NAME, EMAIL, REASON)
OF_THE_SERVER = {"admin", "config", "local"}
"""Databases of mongod itself; its replication log in `local` rolls over."""
V1 = "/v1/incubator"


async def documents(zone: ZoneUnderTest) -> list[tuple[str, str]]:
    """Every document of every service, as text, with its collection."""
    found: list[tuple[str, str]] = []
    async with AsyncMongoClient[dict[str, Any]](zone.server("mongod").address) as mongo:
        for database in sorted({*await mongo.list_database_names()} - OF_THE_SERVER):
            for name in await mongo[database].list_collection_names():
                found += [(f"{database}.{name}", spelt(each)) async for each in mongo[database][name].find()]
    return found


def spelt(value: Any) -> str:
    """A document as text, bytes read as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return " ".join(f"{spelt(key)} {spelt(inner)}" for key, inner in value.items())
    return " ".join(map(spelt, value)) if isinstance(value, list) else str(value)


async def records(zone: ZoneUnderTest) -> list[tuple[str, str]]:
    """Every record of every topic, dead letters included, as text, with its topic."""
    broker: Any = next(each for each in zone.launcher.servers if hasattr(each, "bootstrap"))
    there = await topic_partitions(broker.bootstrap)
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
                    found.append((record.topic, spelt(list(said))))
    finally:
        await reader.close()
    return found


async def where_found(zone: ZoneUnderTest) -> set[str]:
    """The collections, topics and log files in which a word about the person stands."""
    logs = [(file.name, file.read_text(errors="replace")) for file in zone.folder.logs.iterdir() if file.is_file()]
    everything = [*await documents(zone), *await records(zone), *logs]
    assert len(everything) > len(logs)
    return {place for place, text in everything if any(word in text for word in WORDS)}


async def test_r4_who_is_erased_is_in_no_collection_no_topic_no_stored_answer_and_no_log(
    zone: ZoneUnderTest, people: People
) -> None:
    business = await people.registered()
    await people.tenant(business["id"])
    last_day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    job = {"title": "x", "description": "x", "employment_type": "intern", "remote": {"countries": ["CN"]}}

    async def post(path: str, **said: Any) -> dict[str, Any]:
        key = f"erasure-{path.replace('/', '-')}-{business['id']}"
        made = await call(people.partner, "POST", f"{V1}/{path}", about="test", json=said, idempotency_key=key)
        return made.body

    posting = await post("job-postings", business_id=business["id"], valid_through=last_day, **job)
    await post(f"job-postings/{posting['id']}/publish")
    agreed = {"purpose": "posting", "posting_id": posting["id"], "text_version": "2026-11"}
    person = await post("candidates", name=NAME, email=EMAIL, graduated_on="2026-06-30", consents=[agreed])
    application = await post(f"job-postings/{posting['id']}/applications", candidate_id=person["id"])
    await post(f"job-applications/{application['id']}/reject", reason=REASON)

    known = await where_found(zone)
    assert known == {"zone_incubator.candidates", "zone_incubator.job_applications"}

    await post(f"candidates/{person['id']}/erase")
    assert await where_found(zone) == set()
    after = await call(people.partner, "GET", f"{V1}/job-applications", about="test", params={"status": "rejected"})
    assert [each["id"] for each in after.body["data"]] == [application["id"]]
