"""Requests and answers of one connection in their order, under a real uvicorn: read ahead, heard out, cut off."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.connection.guard import Guard
from gateway.connection.limits import Limits
from gateway.edge.operation import ENDLESS
from tests.gateway.wire import CONTINUE, IN_TIME, RawCaller, caller, served

GET = b"GET %b HTTP/1.1\r\nHost: zone\r\n\r\n"
FLOOD = 32 * 2**20
"""Bytes: more than the buffers of a system take."""


class Quick(Guard):
    """The guard, in a hurry."""

    limits = Limits(head_seconds=0.2, write_seconds=0.2, probe_seconds=0.1)


class Waiter:
    """An application that answers with the path of a request, now or when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.left = asyncio.Event()
        self.arrived = asyncio.Event()
        self.at_once: list[int] = []
        self.guards: list[Guard] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path == "/stream":
            scope[ENDLESS] = True
        while (await receive()).get("more_body"):
            pass
        self.arrived.set()
        if path in ("/wait", "/stream"):
            leaving = asyncio.ensure_future(receive())
            waiting = asyncio.ensure_future(self.let.wait())
            await asyncio.wait([leaving, waiting], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            leaving.cancel()
            if not self.let.is_set():
                self.left.set()
                return
        self.at_once += [len(guard.pipeline) for guard in self.guards]
        body = b"x" * FLOOD if path == "/flood" else path.encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        for start in range(0, len(body), 2**20):
            more = start + 2**20 < len(body)
            await send({"type": "http.response.body", "body": body[start : start + 2**20], "more_body": more})
        self.left.set()


@pytest.fixture
def waiter() -> Waiter:
    return Waiter()


@pytest.fixture
async def connected(waiter: Waiter) -> AsyncIterator[RawCaller]:
    class Watched(Quick):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            waiter.guards.append(self)

    async with served(waiter, Watched) as port, caller(port) as connection:
        yield connection


@pytest.mark.parametrize("how_many", [10, 3_000])
async def test_as_many_requests_as_are_pipelined_are_answered_in_order(
    connected: RawCaller, waiter: Waiter, how_many: int
) -> None:
    paths = [b"/%d" % number for number in range(how_many)]
    saying = asyncio.create_task(connected.say(b"".join(GET % path for path in paths)))
    assert [(await connected.response()).body for _ in paths] == paths
    await saying
    assert max(waiter.at_once) < 600, "what more there is waits to be read"


async def test_a_pipeline_is_answered_though_its_bodies_are_read_late(connected: RawCaller) -> None:
    body = b"x" * 5_000
    posts = [
        b"POST /%d HTTP/1.1\r\nHost: zone\r\nContent-Length: %d\r\n\r\n" % (n, len(body)) + body for n in range(40)
    ]
    saying = asyncio.create_task(connected.say(b"".join(posts)))
    assert [(await connected.response()).body for _ in posts] == [b"/%d" % n for n in range(40)]
    await saying


async def test_who_closed_its_side_behind_a_request_is_answered(connected: RawCaller, waiter: Waiter) -> None:
    await connected.say(GET % b"/wait")
    connected.writer.write_eof()
    await waiter.arrived.wait()
    await asyncio.sleep(0.02)
    waiter.let.set()
    response = await connected.response()
    assert (response.body, response.value("connection")) == (b"/wait", "close")
    assert await connected.closed()


async def test_who_closed_its_side_behind_a_pipeline_is_answered_in_full(connected: RawCaller) -> None:
    paths = [b"/%d" % number for number in range(1_500)]
    saying = asyncio.create_task(connected.say(b"".join(GET % path for path in paths)))
    saying.add_done_callback(lambda _: connected.writer.write_eof())
    assert [(await connected.response()).body for _ in paths] == paths
    assert await connected.closed()


async def test_a_large_answer_reaches_a_caller_that_closed_its_side(connected: RawCaller) -> None:
    await connected.say(GET % b"/flood")
    connected.writer.write_eof()
    assert len((await connected.response()).body) == FLOOD


async def test_who_closed_its_side_is_asked_now_and_then_whether_it_still_listens(
    connected: RawCaller, waiter: Waiter
) -> None:
    await connected.say(GET % b"/wait")
    connected.writer.write_eof()
    assert await connected.reader.readuntil(b"\r\n\r\n") == CONTINUE
    waiter.let.set()
    assert (await connected.response()).body == b"/wait"


@pytest.mark.parametrize("how", ["FIN", "RST"])
async def test_a_caller_that_left_is_noticed_while_its_answer_is_not_ready(
    connected: RawCaller, waiter: Waiter, how: str
) -> None:
    await connected.say(GET % b"/wait")
    await waiter.arrived.wait()
    connected.leave() if how == "FIN" else connected.reset()
    await asyncio.wait_for(waiter.left.wait(), IN_TIME)


async def test_a_caller_that_closes_its_side_of_a_stream_has_left(connected: RawCaller, waiter: Waiter) -> None:
    await connected.say(GET % b"/stream")
    await waiter.arrived.wait()
    connected.writer.write_eof()
    await asyncio.wait_for(waiter.left.wait(), IN_TIME)
    assert await connected.closed()


async def test_a_request_that_is_cut_off_by_its_caller_is_not_answered(connected: RawCaller) -> None:
    await connected.say(b"POST /a HTTP/1.1\r\nHost: zone\r\nContent-Length: 10\r\n\r\nhalf")
    connected.writer.write_eof()
    assert await connected.reader.read() == b""


async def test_a_caller_that_takes_nothing_of_its_answer_is_cut_off(connected: RawCaller, waiter: Waiter) -> None:
    await connected.say(GET % b"/flood")
    connected.reader._transport.pause_reading()  # type: ignore[attr-defined]  # there is no other way not to read
    await asyncio.wait_for(waiter.left.wait(), IN_TIME)
    connected.reader._transport.resume_reading()  # type: ignore[attr-defined]  # as above
    with pytest.raises(ConnectionResetError):  # nothing of it is kept for whoever would take it byte by byte
        await connected.reader.read()


async def test_a_caller_that_takes_nothing_of_a_last_answer_is_cut_off(waiter: Waiter) -> None:
    async def last(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"%d" % FLOOD), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * FLOOD})
        waiter.arrived.set()

    lost = asyncio.Event()

    class Watched(Quick):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lost.set()

    async with served(last, Watched) as port, caller(port) as connection:
        await connection.say(GET % b"/")
        connection.reader._transport.pause_reading()  # type: ignore[attr-defined]  # as above
        await waiter.arrived.wait()
        await asyncio.wait_for(lost.wait(), IN_TIME)


async def test_a_caller_that_reads_slowly_but_steadily_gets_its_answer(connected: RawCaller) -> None:
    await connected.say(GET % b"/flood")
    taken = 0
    while taken < FLOOD:
        taken += len(await connected.reader.read(2**20))
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("space", [b"", b" ", b"\t", b" \t  "])
async def test_white_space_around_a_value_is_no_part_of_it(space: bytes) -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(scope["headers"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async with served(app, Guard) as port, caller(port) as connection:
        fields = b"Host:%bzone%b\r\nAuthorization:%bBearer x y%b\r\nX-Empty:%b%b" % ((space,) * 6)
        await connection.ask(b"GET / HTTP/1.1\r\n" + fields + b"\r\n\r\n")
    assert seen == [(b"host", b"zone"), (b"authorization", b"Bearer x y"), (b"x-empty", b"")]
