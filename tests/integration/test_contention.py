"""Two hundred callers at once, over two processes, on one document: as many win as may, the others are told so."""

import asyncio
import base64
import contextlib
import os
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.machine.ports import free_port
from services.chassis.http.client import Client, TransportError, client
from services.chassis.testing.callers import IDENTITY_KEY, caller, identity_of

CALLERS, PLACES = 200, 25
pytestmark = pytest.mark.asyncio(loop_scope="module")
SERVICE = Path(__file__).with_name("pots_service.py")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def replicas(mongo_url: str) -> AsyncIterator[list[Client]]:
    """Clients of two processes of one service on one database."""
    public = base64.urlsafe_b64encode(IDENTITY_KEY.public_key().public_bytes_raw()).decode().rstrip("=")
    environment = os.environ | {
        "ZONE_MONGO_URL": mongo_url,
        "ZONE_DATABASE_PREFIX": f"contention_{uuid.uuid4().hex[:12]}",
        "ZONE_IDENTITY_PUBLIC_KEY": public,
        "PYTHONPATH": str(SERVICE.parent.parent.parent),
    }
    listens = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, str(SERVICE), "--role", "api", "--listen", listen, env=environment
        )
        for listen in listens
    ]
    clients = [client(f"http://{listen}", timeout=30.0) for listen in listens]
    for each in clients:
        each.headers.update(identity_of(caller(scopes="pots"), "pots"))
        await until_ready(each)
    yield clients
    for each in clients:
        await each.aclose()
    for process in processes:
        process.terminate()
    assert [await process.wait() for process in processes] == [0, 0]


async def until_ready(api: Client) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(TransportError):
                if (await api.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)


async def rush(replicas: list[Client], path: str) -> dict[tuple[int, str | None], int]:
    answers = await asyncio.gather(*(replicas[n % 2].post(path) for n in range(CALLERS)))
    return Counter((answer.status_code, answer.json().get("code")) for answer in answers)


async def made(replicas: list[Client], id: str) -> None:
    await replicas[0].post("/v1/pots", json={"id": id, "places": PLACES})


async def test_a_bounded_counter_is_filled_exactly_and_every_other_caller_gets_a_409(replicas: list[Client]) -> None:
    await made(replicas, "pot_a")
    assert await rush(replicas, "/v1/pots/pot_a/take") == {(200, None): PLACES, (409, "full"): CALLERS - PLACES}
    assert (await replicas[1].get("/v1/pots/pot_a")).json()["taken"] == PLACES


async def test_an_optimistic_write_is_filled_exactly_and_every_other_caller_gets_a_409(replicas: list[Client]) -> None:
    await made(replicas, "pot_b")
    assert await rush(replicas, "/v1/pots/pot_b/fill") == {(200, None): PLACES, (409, "full"): CALLERS - PLACES}
    assert (await replicas[1].get("/v1/pots/pot_b")).json()["taken"] == PLACES


async def test_one_slot_is_claimed_by_exactly_one_caller(replicas: list[Client]) -> None:
    assert await rush(replicas, "/v1/pots/pot_c/slot") == {(200, None): 1, (409, "slot_taken"): CALLERS - 1}
