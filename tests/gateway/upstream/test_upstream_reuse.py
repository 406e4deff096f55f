"""The upstream client and its connections: which one may be used again, and what must never come out of it.

Items 1, 3, 4 and 5 of the upstream contract.
"""

import asyncio

import pytest

from gateway.headers import Headers
from gateway.upstream.call import BrokenAnswer, Deadlines, OutcomeUnknown, Unreachable, Upstream
from services.chassis.domain.errors import Unavailable
from tests.gateway.conftest import MakeUpstream, cold
from tests.gateway.wire import OK, Connection, answering, call, fetch, service

SURPLUS = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nstolen"


async def test_a_connection_is_used_again_after_a_whole_answer(upstream: Upstream) -> None:
    async with service(answering) as there:
        for _ in range(3):
            assert await fetch(upstream, call(there.base)) == (200, b"ok")
        assert len(there.connections) == 1


@cold
async def test_the_connection_used_last_is_the_first_used_again(upstream: Upstream) -> None:
    async def numbered(connection: Connection) -> None:
        await answering(connection, b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % connection.number)

    async with service(numbered) as there:
        async with upstream.exchange(call(there.base), Deadlines()) as first:
            assert (await fetch(upstream, call(there.base)))[1] == b"1"
            assert b"".join([chunk async for chunk in first.chunks]) == b"0"
        assert [(await fetch(upstream, call(there.base)))[1] for _ in range(3)] == [b"0", b"0", b"0"]


async def test_surplus_bytes_in_the_same_segment_never_answer_the_next_call(upstream: Upstream) -> None:
    async with service(lambda connection: answering(connection, OK + SURPLUS)) as there:
        for _ in range(3):
            assert await fetch(upstream, call(there.base)) == (200, b"ok")
        assert len(there.connections) == 3


async def test_surplus_bytes_after_a_bodiless_answer_never_answer_the_next_call(upstream: Upstream) -> None:
    answer = b"HTTP/1.1 204 No Content\r\n\r\n" + SURPLUS
    async with service(lambda connection: answering(connection, answer)) as there:
        for _ in range(3):
            assert await fetch(upstream, call(there.base)) == (204, b"")
        assert len(there.connections) == 3


async def test_an_unasked_response_on_an_idle_connection_never_answers_the_next_call(
    upstream: Upstream,
) -> None:
    async def unasked(connection: Connection) -> None:
        await connection.request()
        await connection.say(OK)
        if connection.number == 0:
            await asyncio.sleep(0.02)
            await connection.say(SURPLUS)
        await answering(connection)

    async with service(unasked) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        await asyncio.sleep(0.06)
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        assert len(there.connections) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nConnection: foo, Close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nConnection: foo\r\nConnection: close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nProxy-Connection: keep-alive\r\ncontent-length: 2\r\n\r\nok",
    ],
    ids=["close", "close in a list", "two Connection fields", "HTTP/1.0", "Proxy-Connection"],
)
async def test_a_connection_that_will_not_persist_is_not_kept(upstream: Upstream, answer: bytes) -> None:
    async with service(lambda connection: answering(connection, answer)) as there:
        for _ in range(2):
            assert await fetch(upstream, call(there.base)) == (200, b"ok")
        assert len(there.connections) == 2


async def test_a_body_that_ends_with_the_connection_is_read_whole_and_the_connection_not_kept(
    upstream: Upstream,
) -> None:
    async def until_closed(connection: Connection) -> None:
        await connection.request()
        await connection.say(b"HTTP/1.1 200 OK\r\n\r\nsome ")
        await asyncio.sleep(0.01)
        await connection.say(b"body")

    async with service(until_closed) as there:
        for _ in range(2):
            assert await fetch(upstream, call(there.base)) == (200, b"some body")
        assert len(there.connections) == 2


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n",
    ],
    ids=["short of its length", "no last chunk", "inside a chunk", "no end after the last chunk"],
)
@pytest.mark.parametrize("end", ["FIN", "RST"])
async def test_a_cut_body_is_an_error_and_never_a_clean_end(upstream: Upstream, cut: bytes, end: str) -> None:
    async def cutting(connection: Connection) -> None:
        await connection.request()
        await connection.say(cut)
        if end == "RST":
            await asyncio.sleep(0.01)
            connection.reset()

    async with service(cutting) as there:
        for attempt in (1, 2):
            with pytest.raises(BrokenAnswer):
                await fetch(upstream, call(there.base))
            assert len(there.connections) == attempt


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\ncontent-le"])
async def test_an_answer_cut_in_its_head_is_an_error(upstream: Upstream, answer: bytes) -> None:
    async def cutting(connection: Connection) -> None:
        await connection.request()
        await connection.say(answer)

    async with service(cutting) as there:
        with pytest.raises(BrokenAnswer):
            await fetch(upstream, call(there.base))
        assert len(there.connections) == 1, "a fresh connection is not stale: nothing is sent twice"


@cold
@pytest.mark.parametrize(
    ("method", "fields", "error"),
    [
        ("GET", [], Unreachable),
        ("POST", [], OutcomeUnknown),
        ("POST", [(b"idempotency-key", b"k")], Unreachable),
    ],
)
async def test_a_service_that_ends_the_connection_without_a_word_is_not_there_for_now(
    upstream: Upstream, method: str, fields: Headers, error: type[Unavailable]
) -> None:
    async def speechless(connection: Connection) -> None:
        await connection.head()

    async with service(speechless) as there:
        with pytest.raises(error) as refused:
            await fetch(upstream, call(there.base, method, headers=fields, body=b"{}"))
        assert refused.value.headers["Retry-After"]
        assert len(there.connections) == 1, "a fresh connection is not stale: nothing is sent twice"


async def test_an_answer_left_unread_gives_the_connection_up(upstream: Upstream) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nunread"
    async with service(lambda connection: answering(connection, answer)) as there:
        async with upstream.exchange(call(there.base), Deadlines()):
            pass
        await asyncio.wait_for(there.connections[0].over.wait(), 10)


async def _stale(connection: Connection, how: str) -> None:
    """Answers once, then, on the second request of the first connection, goes away without a word."""
    await connection.request()
    await connection.say(OK)
    if connection.number:
        await answering(connection)
    await connection.head()
    if how == "RST":
        connection.reset()


@pytest.mark.parametrize("how", ["FIN", "RST"])
async def test_a_safe_call_on_a_stale_connection_is_sent_once_more(upstream: Upstream, how: str) -> None:
    async with service(lambda connection: _stale(connection, how)) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        assert len(there.connections) == 2


@pytest.mark.parametrize("how", ["FIN", "RST"])
async def test_an_unsafe_call_that_may_have_arrived_is_not_sent_again(upstream: Upstream, how: str) -> None:
    async with service(lambda connection: _stale(connection, how)) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        with pytest.raises(OutcomeUnknown):
            await fetch(upstream, call(there.base, "POST", body=b"{}"))
        assert len(there.connections) == 1


@pytest.mark.parametrize("how", ["FIN", "RST"])
async def test_a_call_that_takes_effect_once_is_sent_once_more(upstream: Upstream, how: str) -> None:
    async with service(lambda connection: _stale(connection, how)) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        keyed = call(there.base, "POST", body=b"{}", headers=[(b"idempotency-key", b"k")])
        assert await fetch(upstream, keyed) == (200, b"ok")
        assert len(there.connections) == 2


async def test_a_safe_call_is_not_sent_again_once_response_bytes_came(upstream: Upstream) -> None:
    async def half_a_head(connection: Connection) -> None:
        await connection.request()
        await connection.say(OK)
        await connection.request()
        await connection.say(b"HTTP/1.1 200 OK\r\n")

    async with service(half_a_head) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        with pytest.raises(BrokenAnswer):
            await fetch(upstream, call(there.base))
        assert len(there.connections) == 1


async def test_any_call_goes_to_a_fresh_connection_when_the_idle_one_was_closed(upstream: Upstream) -> None:
    async def once(connection: Connection) -> None:
        await connection.request()
        await connection.say(OK)

    async with service(once) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        await asyncio.sleep(0.05)
        assert await fetch(upstream, call(there.base, "POST", body=b"{}")) == (200, b"ok")
        assert len(there.connections) == 2


async def test_it_is_sent_once_more_and_not_for_ever(upstream: Upstream) -> None:
    async def never_again(connection: Connection) -> None:
        if connection.number == 0:
            await connection.request()
            await connection.say(OK)
        await connection.head()

    async with service(never_again) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
        with pytest.raises(Unreachable):
            await fetch(upstream, call(there.base))
        assert len(there.connections) == 2


async def test_an_idle_connection_is_given_up_before_the_service_does(make_upstream: MakeUpstream) -> None:
    upstream = make_upstream(idle_for=0.05)
    async with service(answering) as there:
        await fetch(upstream, call(there.base))
        await asyncio.sleep(0.1)
        await fetch(upstream, call(there.base))
        assert len(there.connections) == 2
        await asyncio.wait_for(there.connections[0].over.wait(), 10)


async def test_an_unasked_change_of_protocol_is_an_error(upstream: Upstream) -> None:
    answer = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    async with service(lambda connection: answering(connection, answer)) as there:
        with pytest.raises(BrokenAnswer):
            await fetch(upstream, call(there.base))
