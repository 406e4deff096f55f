"""A backup of real databases under writes, and the databases that are made of it again."""

import asyncio
import os
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.backup.archive import Archive, reading
from deploy.backup.backup import Backup
from deploy.backup.chains import Chains, numbered
from deploy.backup.databases import Moved, Restored, connected, snapshot
from deploy.complaint import Complaint
from deploy.machine.zone_secrets import new_secrets
from gateway.access.partner import AccessStatus, Partner
from gateway.main import service as gateway
from services.chassis.domain.times import utc_now
from services.chassis.kafka.producer import Producer
from services.chassis.publishing.publisher import record_of_row
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY, KEYS

EVENTS = 3
"""Of each partner: admitted, suspended, let in again."""


class Scene:
    """The databases of a gateway and of somebody beside it."""

    def __init__(self, url: str) -> None:
        own = uuid.uuid4().hex[:8]
        self.url = url
        self.databases = {"gateway": f"b{own}_gateway", "registry": f"b{own}_registry"}
        self.others = {service: f"{name}_again" for service, name in self.databases.items()}
        self.store = MongoStore(url, self.databases["gateway"], "gateway")
        self.client: MongoClient[dict[str, Any]] = connected(url)

    async def partners(self, count: int) -> None:
        """Partners whose events are numbered and chained."""
        for number in range(count):
            partner = Partner.admit(legal_name=f"示例伙伴 {number} (synthetic)", plan="standard")
            tx = Tx(self.store, now=utc_now())
            tx.save(partner)
            partner.move_to(AccessStatus.SUSPENDED)
            partner.move_to(AccessStatus.ACTIVE)
            await tx.commit()

    def backup(self, *, kafka: str | None = None, said: list[str] | None = None) -> Backup:
        return Backup(
            mongo=self.url, databases=self.databases, kafka=kafka, keys=KEYS, secrets=new_secrets(),
            notes={"opening_figures": None}, say=(said if said is not None else []).append,
        )  # fmt: skip

    async def backed_up(self, file: Path, *, kafka: str | None = None, said: list[str] | None = None) -> Path:
        await asyncio.to_thread(self.backup(kafka=kafka, said=said).write, file)
        return file

    def made_of(self, archive: Archive) -> Restored:
        """The same databases beside them, as a restore fills them."""
        restored = Restored(self.client, self.others)
        for member in archive.members:
            restored.fill(archive, member)
        return restored

    def again(self, file: Path) -> Restored:
        with reading(file) as archive:
            return self.made_of(archive)

    def rows(self, collection: str, *, service: str = "gateway", again: bool = False) -> list[dict[str, Any]]:
        names = self.others if again else self.databases
        return list(self.client[names[service]][collection].find(sort=[("_id", 1)]))

    def close(self) -> None:
        for name in (*self.databases.values(), *self.others.values()):
            self.client.drop_database(name)
        self.client.close()
        self.store.close()


@pytest.fixture
async def scene(mongo_url: str) -> AsyncIterator[Scene]:
    scene = Scene(mongo_url)
    await scene.store.prepare(gateway.documents)
    await asyncio.to_thread(scene.client[scene.databases["registry"]].create_collection, "outbox")
    yield scene
    await asyncio.to_thread(scene.close)


@pytest.fixture
def writes(scene: Scene) -> Iterator[threading.Event]:
    """Somebody who writes to both databases in one transaction, again and again; set once the first are there."""
    one, other = (scene.client[scene.databases[service]]["outbox"] for service in scene.databases)
    begun, enough = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not enough.is_set():
            number += 1
            row = {"_id": f"test_{number:05d}:0000000001"}
            with scene.client.start_session() as session, session.start_transaction():
                one.insert_one(dict(row), session=session)
                other.insert_one(dict(row), session=session)
            if number == 20:
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    yield begun
    enough.set()
    writer.join()


async def test_all_databases_are_read_as_of_one_moment_whatever_is_written_meanwhile(
    scene: Scene, writes: threading.Event, tmp_path: Path
) -> None:
    await asyncio.to_thread(writes.wait)
    scene.again(await scene.backed_up(tmp_path / "zone.backup"))
    one, other = ([row["_id"] for row in scene.rows("outbox", service=each, again=True)] for each in scene.databases)
    assert len(one) >= 20
    assert one == other


async def test_documents_indexes_and_validators_are_the_same_again(scene: Scene, tmp_path: Path) -> None:
    await scene.partners(3)
    file = await scene.backed_up(tmp_path / "zone.backup")
    restored = scene.again(file)
    with reading(file) as archive:
        for each in archive.members:
            found = restored.content(each.service, each.collection)
            assert (each.collection, found.documents, found.digest) == (each.collection, each.documents, each.content)
            assert restored.metadata(each.service)[each.collection] == each.metadata
    assert scene.rows("partners", again=True) == scene.rows("partners")
    expiring = scene.client[scene.others["gateway"]]["idempotency"].index_information()["expires_at_1"]
    assert expiring["expireAfterSeconds"] == 0


async def test_what_means_something_only_where_it_was_written_stays_behind(scene: Scene, tmp_path: Path) -> None:
    await scene.partners(1)
    database, now = scene.client[scene.databases["gateway"]], utc_now()
    ran = {"_id": "clock|tidy", "ran_at": now, "lease": {"owner": "somebody", "until": now, "epoch": 7}}
    await asyncio.to_thread(database["leases"].insert_one, ran)
    for name in ("relay", "members", "offsets"):
        await asyncio.to_thread(database[name].insert_one, {"_id": "synthetic", "next": 5, "cluster": "old"})
    file = await scene.backed_up(tmp_path / "zone.backup")
    scene.again(file)
    assert [scene.rows(name, again=True) for name in ("relay", "members", "offsets")] == [[], [], []]
    (lease,) = scene.rows("leases", again=True)
    assert lease["lease"] == {"owner": None, "until": None, "epoch": 7}
    assert lease["ran_at"] == scene.rows("leases")[0]["ran_at"]
    for before, after in zip(scene.rows("outbox"), scene.rows("outbox", again=True), strict=True):
        assert after["at"] > before["at"]
        assert after | {"at": None} == before | {"at": None}
    with reading(file) as archive:
        assert archive.facts["log"] == {"clusters": ["old"], "positions": {"gateway": {"synthetic": 5}, "registry": {}}}


async def test_events_that_have_been_pruned_are_brought_back_from_the_log(
    scene: Scene, kafka_bootstrap: str, tmp_path: Path
) -> None:
    await scene.partners(4)
    rows, said = scene.rows("outbox"), list[str]()
    gone = [*rows[:5], *rows[-EVENTS:]]
    producer = await Producer.started(kafka_bootstrap)
    forged = record_of_row(gone[0] | {"data": b"{}"}, "/gateway", b"another key")
    records = [record_of_row(row, "/gateway", KEY) for row in rows]
    await producer.send([forged, *records, *records])  # as a relay does after a crash
    await producer.close()
    outbox = scene.client[scene.databases["gateway"]]["outbox"]
    await asyncio.to_thread(outbox.delete_many, {"_id": {"$in": [row["_id"] for row in gone]}})
    restored = scene.again(await scene.backed_up(tmp_path / "zone.backup", kafka=kafka_bootstrap, said=said))
    after = scene.rows("outbox", again=True)
    assert [record_of_row(row, "/gateway", KEY) for row in after] == records
    assert [row["_id"] for row in after if row["actor"] is None] == [row["_id"] for row in gone]
    assert any(f"{len(gone)} of them events from the log" in each for each in said)
    chains = Chains()
    chains.outbox("gateway", restored.rows("gateway", "outbox"), numbered(restored.rows("gateway", "partners")))
    assert (chains.faults, chains.events, chains.gone) == ([], len(rows), {})


async def test_events_that_are_nowhere_any_more_are_told(scene: Scene, kafka_bootstrap: str, tmp_path: Path) -> None:
    await scene.partners(1)
    await asyncio.to_thread(scene.client[scene.databases["gateway"]]["outbox"].delete_many, {})
    said = list[str]()
    file = await scene.backed_up(tmp_path / "zone.backup", kafka=kafka_bootstrap, said=said)
    with reading(file) as archive:
        assert archive.facts["nowhere"] == {"gateway": EVENTS}
    assert any("3 events stand neither in its outbox nor in the log" in each for each in said)


async def test_without_a_broker_there_is_no_backup_of_what_only_the_log_holds(scene: Scene, tmp_path: Path) -> None:
    await scene.partners(1)
    await asyncio.to_thread(scene.client[scene.databases["gateway"]]["outbox"].delete_many, {})
    with pytest.raises(Complaint, match="in the log alone"):
        await scene.backed_up(tmp_path / "zone.backup")
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


def collections_come(scene: Scene) -> None:
    with snapshot(scene.url, scene.databases) as moment:
        scene.client[scene.databases["gateway"]].create_collection("buckets.g2")
        moment.see_the_same()


async def test_a_collection_that_comes_meanwhile_is_seen(scene: Scene) -> None:
    with pytest.raises(Moved):
        await asyncio.to_thread(collections_come, scene)
