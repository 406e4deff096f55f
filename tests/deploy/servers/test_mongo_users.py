"""What a service's user may do in a MongoDB that asks who comes, with the roles of `deploy/mongo/init.js`."""

import asyncio
import base64
import re
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.machine.ports import HOST, lasting_port, listens
from deploy.machine.processes import Process
from deploy.machine.zone_folder import ROOT
from deploy.servers.mongod import find_mongod
from services.chassis.domain.times import utc_now
from services.chassis.publishing.outbox import end_of_stream
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from tests.chassis.garden import Plant
from tests.integration.stage import until

ROLES = re.findall(r'role: "(\w+)", db\b', (ROOT / "deploy/mongo/init.js").read_text())
USERS = ("registry", "metrics")
PASSWORD = "synthetic"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, server_starts: None) -> Iterator[int]:
    """Of a server with a keyfile, and the users that init.js would make."""
    folder, port = tmp_path_factory.mktemp("guarded"), lasting_port()
    keyfile = folder / "keyfile"
    keyfile.write_bytes(base64.b64encode(secrets.token_bytes(96)))
    keyfile.chmod(0o400)
    (folder / "data").mkdir()
    process = Process("mongod", [
        find_mongod(), "--dbpath", str(folder / "data"), "--bind_ip", HOST, "--port", str(port), "--nounixsocket",
        "--replSet", "zone", "--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--keyFile", str(keyfile),
    ], log=folder / "log")  # fmt: skip
    process.start()
    asyncio.run(until(lambda: listens(port)))
    make_users(port)
    yield port
    process.kill()


def make_users(port: int) -> None:
    with MongoClient[dict[str, object]](HOST, port, directConnection=True) as client:
        member = {"_id": 0, "host": f"{HOST}:{port}"}
        client.admin.command("replSetInitiate", {"_id": "zone", "members": [member]})
        asyncio.run(until(lambda: client.admin.command("hello")["isWritablePrimary"]))
        client.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])
    with MongoClient[dict[str, object]](
        HOST, port, directConnection=True, username="root", password=PASSWORD
    ) as client:
        for user in USERS:
            roles = [{"role": role, "db": f"zone_{user}"} for role in ROLES]
            client.admin.command("createUser", user, pwd=PASSWORD, roles=roles)


def store_of(port: int, user: str, database: str) -> MongoStore:
    url = f"mongodb://{user}:{PASSWORD}@{HOST}:{port}/?replicaSet=zone&authSource=admin"
    return MongoStore(url, f"zone_{database}", database)


@pytest.fixture
async def own(port: int) -> AsyncIterator[MongoStore]:
    store = store_of(port, "registry", "registry")
    yield store
    store.close()


@pytest.fixture
async def anothers(port: int) -> AsyncIterator[MongoStore]:
    store = store_of(port, "registry", "metrics")
    yield store
    store.close()


async def test_a_service_has_all_that_it_needs_in_its_own_database(own: MongoStore) -> None:
    await own.ping()
    await own.prepare([Plant])
    tx = Tx(own, now=utc_now())
    tx.save(Plant(id="plant_1").grow(1))
    await tx.commit()
    assert await own.select("outbox", {}, [("_id", 1)], 10)
    await end_of_stream(own)


async def test_a_service_reads_nothing_of_another(anothers: MongoStore) -> None:
    with pytest.raises(OperationFailure, match="not authorized on zone_metrics"):
        await anothers.database["outbox"].find_one({})


async def test_a_service_writes_nothing_of_another(anothers: MongoStore) -> None:
    with pytest.raises(OperationFailure, match="not authorized on zone_metrics"):
        await anothers.prepare([Plant])


async def test_nobody_comes_in_without_a_name(port: int) -> None:
    store = MongoStore(f"mongodb://{HOST}:{port}/?replicaSet=zone", "zone_registry", "registry")
    with pytest.raises(OperationFailure, match="requires authentication"):
        await store.database["outbox"].find_one({})
    store.close()
