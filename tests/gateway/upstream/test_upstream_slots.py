"""The upstream client under cancellation and want of connections. Items 6 and 7 of the upstream contract."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest

from gateway.upstream.call import Deadlines, NoSlot, Upstream
from tests.gateway.conftest import MakeUpstream, cold
from tests.gateway.wire import IN_TIME, OK, Connection, answering, call, fetch, service


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536


class Departures:
    """Whether a connection has been left, and the script that looks."""

    def __init__(self, before: bytes = b"") -> None:
        self.seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.arrived = asyncio.Event()
        self._before = before

    async def script(self, connection: Connection) -> None:
        await connection.head()
        await connection.say(self._before)
        self.arrived.set()
        await connection.until_left()
        self.seen.set_result(None)


@pytest.mark.parametrize(
    "before",
    [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"],
    ids=["waiting for the head", "reading the body"],
)
async def test_a_cancelled_call_is_noticed_by_the_service_at_once(upstream: Upstream, before: bytes) -> None:
    watch = Departures(before)
    async with service(watch.script) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base)))
        await watch.arrived.wait()
        await asyncio.sleep(0.02)
        asking.cancel()
        await asyncio.wait_for(watch.seen, IN_TIME)
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_a_cancelled_upload_is_noticed_by_the_service_at_once(upstream: Upstream) -> None:
    watch = Departures()
    async with service(watch.script) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base, "POST", body=endless())))
        await watch.arrived.wait()
        await asyncio.sleep(0.02)
        asking.cancel()
        await asyncio.wait_for(watch.seen, IN_TIME)


async def test_a_cancelled_upload_leaves_nothing_to_be_flushed_to_a_service_that_does_not_read(
    upstream: Upstream,
) -> None:
    left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    arrived = asyncio.Event()

    async def deaf(connection: Connection) -> None:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]  # typed as its base
        arrived.set()
        await asyncio.sleep(0.2)  # by now the upload is stuck and has been cancelled
        connection.writer.transport.resume_reading()  # type: ignore[attr-defined]  # typed as its base
        while await connection.reader.read(2**20):
            pass
        left.set_result(None)

    async with service(deaf) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base, "POST", body=endless())))
        await arrived.wait()
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.wait_for(left, IN_TIME)


async def test_cancelling_while_connecting_frees_the_slot(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=1)
    with socket.socket() as full:  # a listener whose queue is full: connects hang
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        base = f"http://127.0.0.1:{full.getsockname()[1]}"
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        asking = asyncio.create_task(fetch(upstream, call(base), Deadlines(connect=5)))
        await asyncio.sleep(0.05)
        assert not asking.done()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        again = asyncio.create_task(fetch(upstream, call(base), Deadlines(slot=0.05, connect=5)))
        await asyncio.sleep(0.1)
        assert not again.done(), "it has the slot and is connecting"
        again.cancel()
        for filler in fillers:
            filler.close()


async def test_a_cancelled_call_frees_its_slot(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=1)

    async def first_hangs(connection: Connection) -> None:
        if connection.number == 0:
            await connection.until_left()
        await answering(connection)

    async with service(first_hangs) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base)))
        await asyncio.sleep(0.05)
        asking.cancel()
        assert await fetch(upstream, call(there.base), Deadlines(slot=0.2)) == (200, b"ok")


async def _gated(connection: Connection, gate: asyncio.Semaphore, order: list[bytes]) -> None:
    while True:
        head = await connection.head()
        order.append(head.split(b" ")[1])
        async with gate:
            await connection.say(OK)


@cold
async def test_waiters_are_served_in_order(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=1)
    order: list[bytes] = []
    gate = asyncio.Semaphore(0)
    async with service(lambda connection: _gated(connection, gate, order)) as there:
        asking = []
        for number in range(8):
            asking.append(asyncio.create_task(fetch(upstream, call(there.base, target=b"/%d" % number))))
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        gate.release()
        for task in asking:
            await asyncio.wait_for(task, 10)
            gate.release()
        assert order == [b"/%d" % number for number in range(8)]
        assert len(there.connections) == 1


async def test_cancelled_waiters_lose_no_slot(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=2)
    async with service(answering) as there:
        for _ in range(20):
            asking = [asyncio.create_task(fetch(upstream, call(there.base))) for _ in range(6)]
            await asyncio.sleep(0.001)
            for task in asking[1::2]:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        results = await asyncio.gather(*(fetch(upstream, call(there.base)) for _ in range(10)))
        assert results == [(200, b"ok")] * 10


async def test_never_more_connections_than_the_limit(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=3)
    open_now = most = 0
    full = asyncio.Event()

    async def counted(connection: Connection) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        if open_now == 3:
            full.set()
        try:
            await full.wait()
            await answering(connection)
        finally:
            open_now -= 1

    async with service(counted) as there:
        await asyncio.gather(*(fetch(upstream, call(there.base)) for _ in range(40)))
        assert most == 3


async def test_waiting_for_a_slot_has_a_deadline(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=1)
    async with service(Connection.until_left) as there:
        first = asyncio.create_task(fetch(upstream, call(there.base)))
        await asyncio.sleep(0.05)
        started = time.monotonic()
        with pytest.raises(NoSlot) as refused:
            await fetch(upstream, call(there.base), Deadlines(slot=0.1))
        assert 0.09 < time.monotonic() - started < IN_TIME
        assert refused.value.status == 503
        assert refused.value.headers["Retry-After"]
        first.cancel()


async def test_one_service_at_its_limit_does_not_hold_up_another(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=1)
    async with service(Connection.until_left) as stuck, service(answering) as well:
        first = asyncio.create_task(fetch(upstream, call(stuck.base)))
        await asyncio.sleep(0.05)
        assert await fetch(upstream, call(well.base)) == (200, b"ok")
        first.cancel()
