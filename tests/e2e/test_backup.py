"""A zone backed up while it is written to, and restored beside either broker: figures, books and keys as they were."""

import asyncio
import json
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pymongo import MongoClient

from deploy.chaos.evidence import log_of
from deploy.machine.zone_folder import ROOT, ZoneFolder
from deploy.public_api import call, connect, pages
from deploy.services import WITH_GATEWAY, assembled
from services.chassis.http.client import Client
from services.chassis.kafka.records import Record
from tests.deploy.backup.conftest import database as running_alone
from tests.e2e.printed_tour import needs_its_programs, walk
from tests.zone_under_test import ZoneUnderTest, brokers, registration, zone_command, zone_under_test

PAGE = "docs/tour-incubator.md"
REGISTRATIONS = "/v1/registry/registrations"

pytestmark = [pytest.mark.long, needs_its_programs, pytest.mark.xdist_group("backup")]


class Asked(NamedTuple):
    """What a partner asked for once, and how it may ask again."""

    authorization: str
    body: dict[str, Any]
    answer: dict[str, Any]


def database(zone: ZoneUnderTest) -> MongoClient[dict[str, Any]]:
    return MongoClient(zone.server("mongod").address, tz_aware=True)


async def asked(zone: ZoneUnderTest) -> Asked:
    """A draft of a partner of its own."""
    async with zone.people() as people:
        body = {"payload": registration()}
        answer = await call(people.partner, "POST", REGISTRATIONS, about="test", json=body, idempotency_key="once")
        return Asked(people.partner.headers["Authorization"], body, answer.body)


async def asked_again(zone: ZoneUnderTest, before: Asked) -> None:
    """The same key of the same partner gets the same answer, and nothing happens twice."""
    key = before.authorization.removeprefix("Bearer ")
    async with connect(zone.url, key) as partner:
        again = await call(
            partner, "POST", REGISTRATIONS, about="test", json=before.body, idempotency_key="once"
        )  # fmt: skip
        assert (again.body, again.replayed) == (before.answer, True)


async def shown(zone: ZoneUnderTest) -> dict[str, Any]:
    """Figures, the register, and the trial balance of every book."""
    async with connect(zone.url, zone.operator_key) as operator, zone.people() as people:
        values = (await call(operator, "GET", "/v1/metrics/kpis", about="test", params={"by": "kind"})).body["data"]
        books = [each["id"] async for each in pages(people.officer, "/v1/incubator/books", about="test")]
        balances = {id: await balance(people.officer, id) for id in books}
        businesses = [each async for each in pages(operator, "/v1/registry/businesses", about="test")]
    figures = {(each["kpi"], json.dumps(each["dims"], sort_keys=True)): (each["value"], each["n"]) for each in values}
    return {"figures": figures, "balances": balances, "businesses": businesses}


async def balance(officer: Client, book_id: str) -> Any:
    """The balances of a book today."""
    path = f"/v1/incubator/books/{book_id}/trial-balance"
    return (await call(officer, "GET", path, about="test")).body["lines"]


async def settled(zone: ZoneUnderTest) -> dict[str, Any]:
    """What it shows once every event of it has taken effect."""
    async with asyncio.timeout(120):
        while await asyncio.to_thread(unheard, zone):
            await asyncio.sleep(0.5)
    return await shown(zone)


def unheard(zone: ZoneUnderTest) -> list[str]:
    """Events that a consumer has not heard yet, and services whose relay has not filled the log yet."""
    handlers = assembled("metrics").handlers
    assert handlers is not None
    with database(zone) as client:
        waiting = [
            service for service in WITH_GATEWAY
            if not (client[f"zone_{service}"]["relay"].find_one() or {}).get("resume_token")
        ]  # fmt: skip
        inbox = {row["_id"]: row["sequence"] for row in client["zone_metrics"]["inbox"].find()}
        for service in ("registry", "incubator"):
            for row in client[f"zone_{service}"]["outbox"].find({}, {"topic": 1}):
                subject, _, number = row["_id"].rpartition(":")
                if row["topic"] in handlers.topics and inbox.get(f"zone.metrics|{subject}", 0) < int(number):
                    waiting.append(row["_id"])
    return waiting


async def backed_up_under_writes(zone: ZoneUnderTest, file: Path) -> str:
    """What the backup says that is made while one business after the other is registered."""
    async with zone.people() as people:
        going = asyncio.create_task(asyncio.to_thread(zone.command, "backup", str(file)))
        while not going.done():
            await people.registered()
        return await going


def prune_half(zone: ZoneUnderTest, service: str) -> int:
    """What a relay does an hour after it has published: only the log holds the older half from now on."""
    with database(zone) as client:
        own = client[f"zone_{service}"]
        rows = list(own["outbox"].find({}, {"at": 1}, sort=[("at", 1)]))
        own["relay"].update_one({"_id": "outbox"}, {"$set": {"pruned": True}})
        return own["outbox"].delete_many({"at": {"$lte": rows[len(rows) // 2]["at"]}}).deleted_count


def outboxes(zone: ZoneUnderTest) -> set[str]:
    """The ids of all events that are kept."""
    with database(zone) as client:
        return {
            row["_id"] for service in WITH_GATEWAY for row in client[f"zone_{service}"]["outbox"].find({}, {"_id": 1})
        }


def logged(zone: ZoneUnderTest) -> list[Record]:
    """Every event in the log."""
    broker: Any = next(each for each in zone.launcher.servers if hasattr(each, "bootstrap"))
    return asyncio.run(log_of(broker.bootstrap))


def with_files_of(source: ZoneFolder, path: Path) -> ZoneFolder:
    """A new folder with what the page tells one to keep apart."""
    folder = ZoneFolder(path)
    folder.path.mkdir()
    shutil.copy(source.secrets, folder.secrets)
    shutil.copy(source.operator_key, folder.operator_key)
    return folder


async def lived(zone: ZoneUnderTest, folder: Path) -> Asked:
    """The tour of all that start-ups get, and a partner's draft."""
    await walk(PAGE, zone, folder)
    return await asked(zone)


async def goes_on(zone: ZoneUnderTest) -> None:
    """A new business is registered, counted and has a book."""
    async with zone.people() as people:
        before = await people.kpi("businesses_registered") or 0
        business = await people.registered()
        await people.counted(business["last_event_id"])
        assert await people.kpi("businesses_registered") == before + 1
        assert (await people.tenant(business["id"]))["book_id"]


def test_a_restored_zone_is_the_one_that_was_backed_up_with_either_broker(tmp_path: Path, server_starts: None) -> None:
    files = {name: tmp_path / f"{name}.backup" for name in ("written", "settled")}
    with zone_under_test(tmp_path / "source", kafka=brokers()[0]) as source:
        partner = asyncio.run(lived(source, tmp_path))
        asyncio.run(settled(source))
        pruned = prune_half(source, "incubator") if brokers()[0] == "apache" else 0
        said = asyncio.run(backed_up_under_writes(source, files["written"]))
        assert not pruned or f"{pruned:,} of them events from the log" in said
        before = asyncio.run(settled(source))
        events = {record.envelope().id for record in logged(source)}
        source.command("backup", str(files["settled"]))
    for kafka in brokers():
        folder = with_files_of(source.folder, tmp_path / kafka)
        rehearsed = zone_command(folder, "restore", str(files["written"]), "--rehearse")
        assert "the chains of hashes hold" in rehearsed
        zone_command(folder, "restore", str(files["settled"]))
        with zone_under_test(folder.path, kafka=kafka) as zone:
            assert asyncio.run(settled(zone)) == before
            assert outboxes(zone) >= events
            assert {record.envelope().id for record in logged(zone)} >= events
            asyncio.run(asked_again(zone, partner))
            asyncio.run(goes_on(zone))
            made_anew = zone.command("rebuild", "metrics")
            assert "done: generation" in made_anew
            assert "differs" not in made_anew
            assert "0 parked in" in zone.command("dead-letters", "list")


async def two_registered(zone: ZoneUnderTest) -> None:
    async with zone.people() as people:
        for _ in range(2):
            await people.counted((await people.registered())["last_event_id"])


def copied(source: ZoneFolder, target: ZoneFolder, emptied: Collection[str]) -> None:
    """Every document of the zone's databases but for some collections, without indexes, as by mongorestore."""
    with running_alone(source) as one, running_alone(target) as other:
        for name in (each for each in one.list_database_names() if each.startswith("zone_")):
            for collection in one[name].list_collection_names():
                if (found := list(one[name][collection].find())) and collection not in emptied:
                    other[name][collection].insert_many(found)


def test_databases_that_mongorestore_left_are_the_zone_again_with_a_new_log(
    tmp_path: Path, server_starts: None
) -> None:
    page = (ROOT / "docs" / "backup.md").read_text()
    emptied = re.findall(r"\w+", "".join(re.findall(r"const c of \[(.*?)\]", page)))
    assert len(emptied) == 3
    with zone_under_test(tmp_path / "source", kafka=brokers()[-1]) as source:
        asyncio.run(two_registered(source))
        source.command("rebuild", "metrics")  # so that another generation is shown than the first
        before = asyncio.run(settled(source))
    folder = with_files_of(source.folder, tmp_path / "target")
    copied(source.folder, folder, emptied)
    with zone_under_test(folder.path, kafka=brokers()[-1]) as zone:
        assert asyncio.run(settled(zone)) == before
        asyncio.run(goes_on(zone))
        assert "0 parked in" in zone.command("dead-letters", "list")
