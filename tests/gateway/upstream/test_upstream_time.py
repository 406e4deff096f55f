"""The upstream client against the clock, and against sides that do not keep up. Items 21-24 of the contract."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from gateway.upstream.call import ConnectDeadline, Deadlines, HeadDeadline, TotalDeadline, Unreachable, Upstream
from tests.gateway.conftest import MakeUpstream
from tests.gateway.wire import IN_TIME, OK, Connection, call, fetch, service

CHUNK = 65536


class Blackhole:
    """A listener that never accepts and whose queue is full."""

    def __enter__(self) -> str:
        import socket

        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        address = self._listener.getsockname()
        self._fillers = [socket.socket() for _ in range(3)]
        for filler in self._fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        return f"http://127.0.0.1:{address[1]}"

    def __exit__(self, *_: object) -> None:
        for each in (*self._fillers, self._listener):
            each.close()


async def test_connecting_has_its_own_deadline(upstream: Upstream) -> None:
    with Blackhole() as base, pytest.raises(ConnectDeadline):
        await fetch(upstream, call(base), Deadlines(connect=0.1))


async def test_the_head_has_its_own_deadline(upstream: Upstream) -> None:
    async with service(Connection.until_left) as there:
        started = time.monotonic()
        with pytest.raises(HeadDeadline):
            await fetch(upstream, call(there.base), Deadlines(head=0.1))
        assert 0.09 < time.monotonic() - started < IN_TIME


@pytest.mark.parametrize(
    "drop", [b"HTTP/1.1 103 Early Hints\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"H"], ids=["103", "100", "bytes"]
)
async def test_the_deadline_of_the_head_is_not_put_off_by_drops(upstream: Upstream, drop: bytes) -> None:
    async def dripping(connection: Connection) -> None:
        await connection.head()
        text = drop if drop != b"H" else b"HTTP/1.1 200 OK\r\nx-slow: " + b"y" * 1000
        while True:
            for piece in [text] if drop != b"H" else [bytes([byte]) for byte in text]:
                await connection.say(piece)
                await asyncio.sleep(0.02)

    async with service(dripping) as there:
        started = time.monotonic()
        with pytest.raises(HeadDeadline):
            await fetch(upstream, call(there.base), Deadlines(head=0.2))
        assert time.monotonic() - started < IN_TIME


async def test_the_whole_has_its_own_deadline_even_while_bytes_flow(upstream: Upstream) -> None:
    async def flowing(connection: Connection) -> None:
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            await connection.say(b"1\r\nx\r\n")
            await asyncio.sleep(0.01)

    async with service(flowing) as there:
        started = time.monotonic()
        with pytest.raises(TotalDeadline):
            await fetch(upstream, call(there.base), Deadlines(total=0.2))
        assert 0.19 < time.monotonic() - started < IN_TIME
        await asyncio.wait_for(there.connections[0].over.wait(), 10)


async def test_the_whole_ends_first_where_it_is_shorter_than_the_head(upstream: Upstream) -> None:
    async with service(Connection.until_left) as there:
        with pytest.raises(TotalDeadline):
            await fetch(upstream, call(there.base), Deadlines(head=5, total=0.1))


async def test_a_stream_may_be_exempt_from_the_deadline_of_the_whole(upstream: Upstream) -> None:
    async def slow(connection: Connection) -> None:
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no")
        await asyncio.sleep(0.3)
        await connection.say(b"k")

    async with service(slow) as there:
        assert await fetch(upstream, call(there.base), Deadlines(head=0.1, total=None)) == (200, b"ok")


async def test_the_deadline_of_the_head_counts_from_the_end_of_an_upload(upstream: Upstream) -> None:
    async def slow_body() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b"x"
            await asyncio.sleep(0.05)

    async def reading(connection: Connection) -> None:
        await connection.request()
        await connection.say(OK)

    async with service(reading) as there:
        deadlines = Deadlines(head=0.15)
        assert await fetch(upstream, call(there.base, "POST", body=slow_body()), deadlines) == (200, b"ok")


async def test_the_service_is_told_how_long_there_is(upstream: Upstream) -> None:
    async def keep(connection: Connection) -> None:
        await connection.head()
        await connection.say(OK)

    async with service(keep) as there:
        await fetch(upstream, call(there.base), Deadlines(total=7))
        told = int(there.heads[0].lower().split(b"x-zone-deadline: ")[1].split(b"\r\n")[0])
        assert 6000 < told <= 7000


async def test_a_service_that_is_not_there_is_unreachable(upstream: Upstream, tmp_path: object) -> None:
    async with service(Connection.until_left) as there:
        pass
    for base in (there.base, f"unix:{tmp_path}/nothing"):
        with pytest.raises(Unreachable) as refused:
            await fetch(upstream, call(base))
        assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "1")


async def test_a_refused_connection_costs_no_slot(make_upstream: MakeUpstream, tmp_path: object) -> None:
    upstream = make_upstream(limit=1)
    for _ in range(3):
        with pytest.raises(Unreachable):
            await fetch(upstream, call(f"unix:{tmp_path}/nothing"), Deadlines(slot=0.1))


async def test_a_caller_that_reads_slowly_slows_the_service_down(upstream: Upstream) -> None:
    sent = 0

    async def flood(connection: Connection) -> None:
        nonlocal sent
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (64 * 2**20))
        for _ in range(64 * 2**20 // CHUNK):
            await connection.say(b"x" * CHUNK)
            sent += CHUNK

    async with service(flood) as there, upstream.exchange(call(there.base), Deadlines()) as answer:
        await anext(answer.chunks)
        await asyncio.sleep(0.2)
        assert sent < 16 * 2**20, "what is not read stays with the service, in its socket's buffers"


async def test_a_service_that_reads_slowly_slows_the_caller_down(upstream: Upstream) -> None:
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(64 * 2**20 // CHUNK):
            taken += CHUNK
            yield b"x" * CHUNK

    async def deaf(connection: Connection) -> None:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]  # typed as its base
        await asyncio.sleep(1)

    async with service(deaf) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base, "POST", body=body())))
        await asyncio.sleep(0.2)
        assert 0 < taken < 16 * 2**20
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking


async def test_the_head_and_each_event_of_a_stream_are_handed_over_at_once(upstream: Upstream) -> None:
    heard = asyncio.Semaphore(0)

    async def events(connection: Connection) -> None:
        """Says nothing more before what it said has been heard."""
        await connection.head()
        await connection.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(5):
            await heard.acquire()
            await connection.say(b"9\r\ndata: x\n\n\r\n")
        await heard.acquire()
        await connection.say(b"0\r\n\r\n")

    async with (
        asyncio.timeout(IN_TIME),
        service(events) as there,
        upstream.exchange(call(there.base), Deadlines(total=None)) as answer,
    ):
        heard.release()
        async for chunk in answer.chunks:
            assert chunk == b"data: x\n\n"
            heard.release()
