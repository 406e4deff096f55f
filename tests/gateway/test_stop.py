"""A stop of the gateway, in a process of its own: calls end within their deadline, or their callers are told."""

import asyncio
import math
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from gateway.main import CALLS_FINISH_WITHIN
from gateway.upstream.call import Deadlines
from tests.gateway.gate import Gate, problem, request
from tests.gateway.wire import Connection, Service, service
from tests.served_process import Served, served_process

pytestmark = pytest.mark.server  # each test starts a process

FILINGS = "/v1/registry/filings"
PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Slow:
    """A service whose answers wait until they are let."""

    def __init__(self, before: bytes = b"") -> None:
        self.came, self.let = asyncio.Event(), asyncio.Event()
        self._before = before

    async def script(self, connection: Connection) -> None:
        while True:
            await connection.request()
            await connection.say(self._before)
            self.came.set()
            await self.let.wait()
            await connection.say(PLAIN)


def edge(folder: Path, seconds: str, behind: Service) -> AbstractAsyncContextManager[Served]:
    """An edge in front of a service, which gives calls under way so many seconds when it stops."""
    return served_process("tests.gateway.edge_process", folder / "socket", seconds, behind.base)


def test_a_stop_waits_as_long_as_a_call_may_take() -> None:
    total = Deadlines().total
    assert total is not None
    assert math.ceil(total) <= CALLS_FINISH_WITHIN


async def test_a_call_under_way_is_answered(tmp_path: Path) -> None:
    slow = Slow()
    async with service(slow.script) as registry, edge(tmp_path, "20", registry) as gateway:
        caller = await gateway.caller()
        await caller.say(request(FILINGS))
        await slow.came.wait()
        gateway.stop()
        await asyncio.sleep(0.3)
        slow.let.set()
        response = await caller.response()
        assert (response.status, response.value("connection")) == (200, "close")
        assert await gateway.end() == 0


async def test_a_call_that_takes_too_long_is_told_when_to_come_back(tmp_path: Path) -> None:
    slow = Slow()
    async with service(slow.script) as registry, edge(tmp_path, "1", registry) as gateway:
        callers = []
        for method, code, body in (("GET", "unavailable", b""), ("POST", "outcome_unknown", b"{}")):
            caller = await gateway.caller()
            await caller.say(request(FILINGS, method, body=body))
            await slow.came.wait()
            slow.came.clear()
            callers.append((caller, code))
        gateway.stop()
        for caller, code in callers:
            response = await caller.response()
            assert problem(response) == (503, code)
            assert (response.value("retry-after"), response.value("x-content-type-options")) == ("1", "nosniff")
        assert await gateway.end() == 0


async def test_an_answer_that_has_begun_is_broken_off(tmp_path: Path) -> None:
    slow = Slow(before=b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
    async with service(slow.script) as registry, edge(tmp_path, "1", registry) as gateway:
        caller = await gateway.caller()
        await caller.say(request(FILINGS))
        await caller.reader.readuntil(b"half")
        gateway.stop()
        assert await caller.closed()
        assert await gateway.end() == 0


async def test_under_load_a_stop_answers_everything_or_says_503(tmp_path: Path) -> None:
    async def plain(connection: Connection) -> None:
        while True:
            await connection.request()
            await asyncio.sleep(0.01)
            await connection.say(PLAIN)

    statuses: list[int] = []

    async def asking(number: int) -> None:
        while True:
            caller = await gateway.caller()
            try:
                while True:
                    said = request(FILINGS, "POST" if number % 2 else "GET", body=b"{}" if number % 2 else b"")
                    statuses.append((await caller.ask(said)).status)
            except (ConnectionError, asyncio.IncompleteReadError):
                continue  # closed between two requests

    async with service(plain) as registry, edge(tmp_path, "20", registry) as gateway:
        asked = [asyncio.create_task(asking(number)) for number in range(10)]
        while len(statuses) < 200:
            await asyncio.sleep(0.01)
        gateway.stop()
        assert await gateway.end() == 0
        ended = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(each) for each in ended} <= {FileNotFoundError, ConnectionRefusedError}
    assert set(statuses) <= {200, 503}


async def test_a_restart_of_a_service_under_load_shows_no_failure_but_503(gate: Gate, tmp_path: Path) -> None:
    statuses: list[int] = []
    restarted = asyncio.Event()
    gate.hurry(Deadlines(slot=60, connect=60, head=60, total=90))  # it shows a restart, not what else the machine does

    async def asking(number: int) -> None:
        method, body = ("POST", b"{}") if number % 2 else ("GET", b"")
        keyed = {"Idempotency_Key": "k"} if number % 4 == 1 else {}
        async with gate.caller() as caller:
            while not restarted.is_set():
                statuses.append((await caller.ask(request(FILINGS, method, body=body, **keyed))).status)
                await asyncio.sleep(0.002)

    socket = tmp_path / "registry"
    gate.services["registry"] = f"unix:{socket}"
    service_process = "tests.chassis.http.stopping_process"
    async with served_process(service_process, socket, "10") as before:
        asked = [asyncio.create_task(asking(number)) for number in range(12)]
        while len(statuses) < 300:
            await asyncio.sleep(0.01)
        before.stop()
        assert await before.end() == 0
    async with served_process(service_process, socket, "10"):
        since = len(statuses)
        while 200 not in statuses[since:]:
            await asyncio.sleep(0.01)
        restarted.set()
        await asyncio.gather(*asked)
    assert set(statuses) == {200, 503}
