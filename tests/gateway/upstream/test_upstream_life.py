"""The upstream client under a mixed load, and at its end. Items 27, 29 and 30 of the upstream contract."""

import asyncio
import os
import random
import secrets

import pytest

from gateway.upstream.call import BrokenAnswer, Deadlines, NoSlot, Upstream
from tests.gateway.conftest import MakeUpstream
from tests.gateway.wire import OK, Connection, answering, call, fetch, service


async def echoing(connection: Connection) -> None:
    """Answers each request with the nonce in its target, in one of several framings and at its own pace."""
    chance = random.Random(connection.number)
    while True:
        head, _ = await connection.request()
        nonce = head.split(b" ")[1][1:]
        await asyncio.sleep(chance.random() * 0.002)
        style = chance.randrange(5)
        if style == 0:
            await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(nonce))
            await connection.say(nonce)
        elif style == 1:
            half = len(nonce) // 2
            parts = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (nonce[:half], nonce[half:]))
            await connection.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n")
        elif style == 2:  # and a response too many
            answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(nonce), nonce)
            await connection.say(answer + b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nstolen")
        elif style == 3:  # and gone
            answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(nonce), nonce)
            await connection.say(answer)
            return
        else:  # cut
            await connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (len(nonce) + 5) + nonce)
            return


async def test_no_answer_crosses_to_another_call(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(limit=20)
    chance = random.Random(7)
    patient = Deadlines(slot=5, connect=5)  # fifty callers, on a machine that may have other things to do
    whole = 0

    async def caller(key: str) -> None:
        nonlocal whole
        for _ in range(15):
            nonce = f"{key}-{secrets.token_hex(8)}".encode()
            asking = asyncio.create_task(fetch(upstream, call(there.base, target=b"/" + nonce), patient))
            if chance.random() < 0.2:
                await asyncio.sleep(chance.random() * 0.003)
                asking.cancel()
            try:
                status, body = await asking
            except (BrokenAnswer, asyncio.CancelledError):
                continue
            assert (status, body) == (200, nonce)
            whole += 1

    async with service(answering) as there:  # the loop opens files of its own with the first connection
        await fetch(upstream, call(there.base))
    files = len(os.listdir("/proc/self/fd"))
    async with service(echoing) as there:
        await asyncio.gather(*(caller(key) for key in ("one", "two") for _ in range(25)))
        assert whole > 300
        await upstream.close(within=1)
    async with asyncio.timeout(10):
        while len(os.listdir("/proc/self/fd")) > files:
            await asyncio.sleep(0.02)


async def test_closing_waits_for_what_is_under_way(upstream: Upstream) -> None:
    async def slow(connection: Connection) -> None:
        await connection.head()
        await asyncio.sleep(0.1)
        await connection.say(OK)
        await connection.until_left()

    async with service(slow) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base)))
        await asyncio.sleep(0.02)
        await upstream.close(within=1)
        assert await asking == (200, b"ok")
        await asyncio.wait_for(there.connections[0].over.wait(), 10)


async def test_closing_breaks_off_what_does_not_end(upstream: Upstream) -> None:
    async with service(Connection.until_left) as there:
        asking = asyncio.create_task(fetch(upstream, call(there.base)))
        await asyncio.sleep(0.02)
        await asyncio.wait_for(upstream.close(within=0.05), 10)
        with pytest.raises(NoSlot):
            await asking


async def test_closing_ends_idle_connections(upstream: Upstream) -> None:
    async with service(answering) as there:
        await fetch(upstream, call(there.base))
        await upstream.close(within=1)
        await asyncio.wait_for(there.connections[0].over.wait(), 10)


async def test_a_closed_client_takes_no_calls(upstream: Upstream) -> None:
    await upstream.close(within=0)
    with pytest.raises(NoSlot):
        await fetch(upstream, call("http://127.0.0.1:1"))
