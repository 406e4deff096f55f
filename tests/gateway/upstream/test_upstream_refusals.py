"""Answers that cannot be trusted, and answers that merely look odd. Items 8-14 and 25 of the upstream contract."""

import asyncio

import pytest

from gateway.upstream.call import BrokenAnswer, Deadlines, Upstream
from tests.gateway.wire import IN_TIME, OK, Connection, answering, call, fetch, service

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

REFUSED = {
    "length and chunked": CHUNKED.replace(b"\r\n\r\n", b"\r\ncontent-length: 2\r\n\r\n") + b"2\r\nok\r\n0\r\n\r\n",
    "chunked, identity": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, identity\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "unknown coding": b"HTTP/1.1 200 OK\r\ntransfer-encoding: x\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "coding in HTTP/1.0": b"HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
    "a list of lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok",
    "signed length": b"HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nok",
    "hexadecimal length": b"HTTP/1.1 200 OK\r\ncontent-length: 0x2\r\n\r\nok",
    "20 digits": b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551617\r\n\r\nok",
    "negative chunk": CHUNKED + b"-2\r\nok\r\n0\r\n\r\n",
    "17 hex digits": CHUNKED + b"10000000000000002\r\nok\r\n0\r\n\r\n",
    "0x chunk": CHUNKED + b"0x2\r\nok\r\n0\r\n\r\n",
    "LF after size": CHUNKED + b"2\nok\r\n0\r\n\r\n",
    "no CRLF after data": CHUNKED + b"2\r\nok0\r\n\r\n",
    "long extension": CHUNKED + b"2;" + b"x" * 20_000 + b"\r\nok\r\n0\r\n\r\n",
    "endless trailers": CHUNKED + b"2\r\nok\r\n0\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
    "fold": b"HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 2\r\n\r\nok",
    "bare CR": b"HTTP/1.1 200 OK\r\nx: a\rb\r\ncontent-length: 2\r\n\r\nok",
    "NUL": b"HTTP/1.1 200 OK\r\nx: a\x00b\r\ncontent-length: 2\r\n\r\nok",
    "space before colon": b"HTTP/1.1 200 OK\r\nx : a\r\ncontent-length: 2\r\n\r\nok",
    "no name": b"HTTP/1.1 200 OK\r\n: a\r\ncontent-length: 2\r\n\r\nok",
    "no token": b"HTTP/1.1 200 OK\r\nx(y): a\r\ncontent-length: 2\r\n\r\nok",
    "endless head": b"HTTP/1.1 200 OK\r\nx: " + b"y" * 600_000 + b"\r\ncontent-length: 2\r\n\r\nok",
    "500 fields": b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 500 + b"content-length: 2\r\n\r\nok",
    "status 000": b"HTTP/1.1 000 OK\r\ncontent-length: 2\r\n\r\nok",
    "status 99": b"HTTP/1.1 99 OK\r\ncontent-length: 2\r\n\r\nok",
    "status 600": b"HTTP/1.1 600 OK\r\ncontent-length: 2\r\n\r\nok",
    "status 1000": b"HTTP/1.1 1000 OK\r\ncontent-length: 2\r\n\r\nok",
    "CR in reason": b"HTTP/1.1 200 O\rK\r\ncontent-length: 2\r\n\r\nok",
    "HTTP/2": b"HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
    "HTTP/0.9": b"ok",
}


@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED.keys())
async def test_it_is_refused_and_the_connection_not_kept(upstream: Upstream, answer: bytes) -> None:
    async def once(connection: Connection) -> None:
        await connection.request()
        await connection.say(answer)
        await connection.until_left()

    async with service(once) as there:
        with pytest.raises(BrokenAnswer):
            await fetch(upstream, call(there.base), Deadlines(head=0.5, total=1))
        await asyncio.wait_for(there.connections[0].over.wait(), 10)


READ = {
    "204 with a length": (b"HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n", (204, b"")),
    "304 with a length": (b"HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", (304, b"")),
    "early hints": (b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK, (200, b"ok")),
    "continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, (200, b"ok")),
    "trailers": (CHUNKED + b"2\r\nok\r\n0\r\nx: y\r\n\r\n", (200, b"ok")),
    "extension": (CHUNKED + b"2;a=b\r\nok\r\n0\r\n\r\n", (200, b"ok")),
    "no reason": (b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok", (200, b"ok")),
    "upper case": (b"HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n", (200, b"ok")),
}


@pytest.mark.parametrize(("answer", "read"), READ.values(), ids=READ.keys())
async def test_it_is_read_and_the_connection_kept(upstream: Upstream, answer: bytes, read: tuple[int, bytes]) -> None:
    async with service(lambda connection: answering(connection, answer)) as there:
        for _ in range(2):
            assert await fetch(upstream, call(there.base), Deadlines(head=IN_TIME)) == read
        assert len(there.connections) == 1


@pytest.mark.parametrize("answer", [CHUNKED + b"2\r\nok\r\n3\r\nfin\r\n0\r\n\r\n", READ["early hints"][0]])
async def test_it_is_read_alike_however_it_is_cut_into_segments(upstream: Upstream, answer: bytes) -> None:
    async def piecemeal(connection: Connection) -> None:
        for split in range(1, len(answer)):
            await connection.request()
            await connection.say(answer[:split])
            await asyncio.sleep(0.001)
            await connection.say(answer[split:])

    async with service(piecemeal) as there:
        whole = {await fetch(upstream, call(there.base)) for _ in range(1, len(answer))}
        assert len(whole) == 1
        assert len(there.connections) == 1
