"""A zone that is no more than its database and what it tells of itself, to be backed up and restored."""

import asyncio
import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.machine.ports import free_port
from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder
from deploy.machine.zone_secrets import KEY_PEPPER, secrets_in
from deploy.servers.mongod import Mongod
from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import Partner
from gateway.main import service as gateway
from services.chassis.domain.times import utc_now
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx

PARTNERS = 20
WEIGHT = 4
"""Files of a megabyte, so that everything takes a moment."""


@contextlib.contextmanager
def database(folder: ZoneFolder) -> Iterator[MongoClient[dict[str, Any]]]:
    """The database of a folder, while it runs by itself."""
    server = Mongod(folder.mongo, port=free_port(), log=folder.path / "mongod.log", oplog_mb=64, cache_gb=0.25)
    asyncio.run(server.start())
    try:
        with MongoClient[dict[str, Any]](server.address, tz_aware=True) as client:
            yield client
    finally:
        server.stop()


@contextlib.contextmanager
def running(folder: ZoneFolder) -> Iterator[MongoClient[dict[str, Any]]]:
    """A zone whose launcher has started a database, and nothing else."""
    with folder.claimed() as ours, database(folder) as client:
        assert ours
        host, port = client.address or ("", 0)
        server = ServerNote("mongod", os.getpid(), f"mongodb://{host}:{port}/?replicaSet=zone")
        folder.tell(RunningNote(os.getpid(), "http://127.0.0.1:1", "2026-03-01T00:00:00+00:00", True, [server]))
        yield client


async def fill(url: str, folder: ZoneFolder) -> None:
    """An operator with a key, partners with their events, and files."""
    store = MongoStore(url, "zone_gateway", "gateway")
    await store.prepare(gateway.documents)
    tx = Tx(store, now=utc_now())
    office = tx.save(Partner.admit(legal_name="示例管理办公室 (synthetic)", plan="standard", office=True))
    operator = tx.save(Client.admit(office, kind="operator", scopes=None))
    key, text = Key.issue(operator, pepper=secrets_in(folder.secrets)[KEY_PEPPER].encode(), at=tx.now)
    tx.save(key)
    for number in range(PARTNERS):
        tx.save(Partner.admit(legal_name=f"示例伙伴 {number} (synthetic)", plan="standard"))
    await tx.commit()
    for number in range(WEIGHT):
        await store.database["files.chunks"].insert_one(
            {"_id": number, "files_id": "file", "n": number, "data": os.urandom(1_000_000)}
        )
    store.close()
    folder.operator_key.write_text(f"{text}\n")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, server_starts: None) -> Iterator[ZoneFolder]:
    """Runs as long as the tests of a file."""
    folder = ZoneFolder(tmp_path_factory.mktemp("source") / "zone")
    with running(folder) as client:
        host, port = client.address or ("", 0)
        asyncio.run(fill(f"mongodb://{host}:{port}/?replicaSet=zone", folder))
        yield folder


def address_of(folder: ZoneFolder) -> str:
    """The URL of the database of a zone that runs."""
    note = folder.running()
    assert note is not None
    return note.servers[0].address


def partners_in(folder: ZoneFolder) -> Sequence[str]:
    """The names of the partners in a zone that does not run."""
    with database(folder) as client:
        return [each["legal_name"] for each in client["zone_gateway"]["partners"].find(sort=[("_id", 1)])]


@pytest.fixture
def target(tmp_path: Path) -> ZoneFolder:
    """A folder in which no zone has been."""
    return ZoneFolder(tmp_path / "target")
