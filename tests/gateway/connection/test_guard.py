"""The connection guard under a real uvicorn: slow, large and broken requests over raw sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.connection.guard import Guard
from gateway.connection.limits import Limits
from tests.gateway.wire import IN_TIME, RawCaller, Response, caller, served

FAST = Limits(
    head_seconds=0.2, body_seconds=0.2, body_rate=1000, write_seconds=0.2, linger_bytes=200_000, linger_seconds=0.2
)
GET = b"GET /a HTTP/1.1\r\nHost: zone\r\n\r\n"


class Quick(Guard):
    """The guard, in a hurry."""

    limits = FAST


class Echo:
    """An application that answers with what it was given, and says what happened to it."""

    def __init__(self) -> None:
        self.disconnected = asyncio.Event()
        self.headers: list[list[tuple[bytes, bytes]]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.headers.append(list(scope["headers"]))
        body = b""
        if scope["path"] == "/early":
            await answer(send, b"early")
            return
        if scope["path"] == "/patient":
            await asyncio.sleep(0.5)
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnected.set()
                return
            body += message["body"]
            if not message["more_body"] and scope["path"] != "/wait":
                break
        await answer(send, body or scope["path"].encode())


async def answer(send: Any, body: bytes) -> None:
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def connected(echo: Echo) -> AsyncIterator[RawCaller]:
    """A connection to the application behind the guard with its usual limits."""
    async with served(echo, Guard) as port, caller(port) as connection:
        yield connection


@pytest.fixture
async def hurried(echo: Echo) -> AsyncIterator[RawCaller]:
    """The same behind a guard in a hurry."""
    async with served(echo, Quick) as port, caller(port) as connection:
        yield connection


def code(response: Response) -> tuple[int, str]:
    """Status and code of a problem that is whole in every other respect."""
    problem = json.loads(response.body)
    assert response.complete
    assert response.value("content-type") == "application/problem+json"
    assert problem["status"] == response.status
    assert problem["request_id"] == response.value("x-request-id")
    assert problem["type"] == f"/problems/{problem['code']}"
    return response.status, problem["code"]


async def test_requests_follow_each_other_on_one_connection(connected: RawCaller) -> None:
    for _ in range(3):
        assert (await connected.ask(GET)).body == b"/a"


async def test_pipelined_requests_are_answered_in_order(connected: RawCaller) -> None:
    await connected.say(GET + GET.replace(b"/a", b"/b") + GET.replace(b"/a", b"/c"))
    assert [(await connected.response()).body for _ in range(3)] == [b"/a", b"/b", b"/c"]


async def test_a_head_that_does_not_end_is_shown_out(hurried: RawCaller) -> None:
    started = time.monotonic()
    assert code(await hurried.ask(b"GET /a HTTP/1.1\r\nHost: zone\r\n")) == (408, "request_timeout")
    assert 0.15 < time.monotonic() - started < IN_TIME
    assert await hurried.closed()


async def test_a_head_that_drips_gains_no_time(hurried: RawCaller) -> None:
    async def drip() -> None:
        await hurried.say(b"GET /a HTTP/1.1\r\nHost: zone\r\nX-Slow: ")
        while True:
            await hurried.say(b"y")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    started = time.monotonic()
    assert code(await hurried.response()) == (408, "request_timeout")
    assert time.monotonic() - started < IN_TIME
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)


async def test_a_second_head_on_a_connection_has_the_same_deadline(hurried: RawCaller) -> None:
    assert (await hurried.ask(GET)).body == b"/a"
    assert code(await hurried.ask(b"GET /b HTT")) == (408, "request_timeout")


async def test_a_connection_that_never_speaks_is_closed(hurried: RawCaller) -> None:
    assert await asyncio.wait_for(hurried.closed(), 10)


async def test_empty_lines_do_not_keep_an_idle_connection_open(hurried: RawCaller) -> None:
    async def drip() -> None:
        while True:
            await hurried.say(b"\r\n")
            await asyncio.sleep(0.02)

    assert (await hurried.ask(GET)).body == b"/a"
    dripping = asyncio.create_task(drip())
    assert await asyncio.wait_for(hurried.closed(), 10)
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)


@pytest.mark.parametrize("framing", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
async def test_a_body_that_does_not_come_is_shown_out_and_the_application_told(
    hurried: RawCaller, echo: Echo, framing: bytes
) -> None:
    started = time.monotonic()
    response = await hurried.ask(b"POST /a HTTP/1.1\r\nHost: zone\r\n" + framing + b"\r\n\r\n5\r\n")
    assert code(response) == (408, "request_timeout")
    assert time.monotonic() - started < IN_TIME
    await asyncio.wait_for(echo.disconnected.wait(), 10)
    assert await hurried.closed()


async def test_a_body_that_drips_is_shown_out(hurried: RawCaller) -> None:
    async def drip() -> None:
        await hurried.say(b"POST /a HTTP/1.1\r\nHost: zone\r\nContent-Length: 1000\r\n\r\n")
        while True:
            await hurried.say(b"y")
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(drip())
    assert code(await hurried.response()) == (408, "request_timeout")
    dripping.cancel()
    await asyncio.gather(dripping, return_exceptions=True)


async def test_a_body_that_flows_may_take_longer(hurried: RawCaller) -> None:
    await hurried.say(b"POST /a HTTP/1.1\r\nHost: zone\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(20):
        await hurried.say(b"y" * 50)
        await asyncio.sleep(0.03)
    assert (await hurried.response()).body == b"y" * 1000


async def test_a_body_is_not_blamed_while_nobody_reads_it(hurried: RawCaller) -> None:
    body = b"y" * 2_000_000
    await hurried.say(b"POST /patient HTTP/1.1\r\nHost: zone\r\nContent-Length: %d\r\n\r\n" % len(body))
    sending = asyncio.create_task(hurried.say(body))
    assert (await hurried.response()).body == body
    await sending


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\nHost: z\r\n\r\n", (414, "uri_too_long")),
        (b"GET /" + b"a" * 100_000, (414, "uri_too_long")),
        (b"GET / HTTP/1.1\r\nHost: z\r\nX: " + b"a" * 16_384 + b"\r\n\r\n", (431, "head_too_large")),
        (b"GET / HTTP/1.1\r\nHost: z\r\nX: " + b"a" * 400_000, (431, "head_too_large")),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 101 + b"\r\n", (431, "head_too_large")),
    ],
    ids=["long target", "endless target", "large field", "endless field", "many fields"],
)
async def test_heads_have_a_measure(connected: RawCaller, request_bytes: bytes, expected: tuple[int, str]) -> None:
    assert code(await connected.ask(request_bytes)) == expected
    assert await connected.closed()


async def test_the_largest_head_allowed_passes(connected: RawCaller) -> None:
    fields = b"Host: z\r\n" + b"".join(b"X-%d: %b\r\n" % (n, b"a" * 150) for n in range(99))
    assert (await connected.ask(b"GET /a HTTP/1.1\r\n" + fields + b"\r\n")).body == b"/a"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"FOO  / HTTP/1.1\r\nHost: z\r\n\r\n",
        b"FOO / HTTP/1.0\r\nHost: z\r\n\r\n",
        b"FOO other:80 HTTP/1.1\r\nHost: z\r\n\r\n",
        b"F(O / HTTP/1.1\r\nHost: z\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost : z\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: z\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: z\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: z\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: z\r\nX: a\nY: b\r\n\r\n",
        b"GET / HTTP/1.1\nHost: z\n\n",
        b"GET /\xe4 HTTP/1.1\r\nHost: z\r\n\r\n",
        b"GET /a#b HTTP/1.1\r\nHost: z\r\n\r\n",
        b"GET http://other/a HTTP/1.1\r\nHost: z\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: z\r\n\r\n",
        b"CONNECT other:80 HTTP/1.1\r\nHost: z\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: z\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: z\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: z\r\nContent-Length: +3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: identity\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST / HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"POST / HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
        b"POST / HTTP/1.1\r\nHost: z\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    ],
    ids=lambda raw: raw[:70],
)
async def test_what_is_not_http_is_a_problem_and_the_end_of_the_connection(
    connected: RawCaller, request_bytes: bytes
) -> None:
    assert code(await connected.ask(request_bytes)) == (400, "malformed_request")
    assert await connected.closed()


@pytest.mark.parametrize("method", [b"FOO", b"GETX", b"get", b"!#$%&'*+-.^_`|~"])
async def test_a_method_that_nobody_has_heard_of_is_a_405_with_those_that_there_are(
    connected: RawCaller, method: bytes
) -> None:
    response = await connected.ask(method + b" /v1/partners?limit=1 HTTP/1.1\r\nHost: z\r\n\r\n")
    assert code(response) == (405, "method_not_allowed")
    assert response.value("allow") == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    assert json.loads(response.body)["instance"] == "/v1/partners"
    assert await connected.closed()


async def test_trailers_do_not_become_headers(connected: RawCaller, echo: Echo) -> None:
    response = await connected.ask(
        b"POST /a HTTP/1.1\r\nHost: zone\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n0\r\nX-Zone-Identity: forged\r\nAuthorization: Bearer x\r\n\r\n"
    )
    assert response.body == b"abc"
    assert [name for name, _ in echo.headers[0]] == [b"host", b"transfer-encoding"]


@pytest.mark.parametrize(
    "flood", [b"3;" + b"x" * 500_000, b"0\r\nX: " + b"x" * 500_000], ids=["chunk extension", "trailer"]
)
async def test_framing_has_a_measure_too(connected: RawCaller, flood: bytes) -> None:
    await connected.say(b"POST /a HTTP/1.1\r\nHost: zone\r\nTransfer-Encoding: chunked\r\n\r\n")
    await asyncio.sleep(0.02)
    assert code(await connected.ask(flood)) == (400, "malformed_request")


async def test_a_body_in_chunks_of_one_byte_passes(connected: RawCaller) -> None:
    await connected.say(b"POST /a HTTP/1.1\r\nHost: zone\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(20):
        await connected.say(b"1\r\ny\r\n" * 1000)
    await connected.say(b"0\r\n\r\n")
    assert (await connected.response()).body == b"y" * 20_000


@pytest.mark.parametrize("body", [b"", b"hello"])
async def test_an_offered_upgrade_is_ignored_and_the_request_answered(
    connected: RawCaller, echo: Echo, body: bytes
) -> None:
    head = (
        b"POST /a HTTP/1.1\r\nHost: zone\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    await connected.say(head + body + GET)
    assert (await connected.response()).body == (body or b"/a")
    assert (await connected.response()).body == b"/a"
    assert [name for name, _ in echo.headers[0]] == [b"host", b"content-length"]


async def test_an_offered_websocket_is_answered_as_a_plain_request(connected: RawCaller) -> None:
    response = await connected.ask(
        b"GET /a HTTP/1.1\r\nHost: zone\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert (response.status, response.body) == (200, b"/a")
    assert await connected.closed()


EARLY = b"POST /early HTTP/1.1\r\nHost: zone\r\nContent-Length: 100000\r\n\r\n"


async def test_an_answer_that_leaves_a_body_unread_says_that_the_connection_ends(connected: RawCaller) -> None:
    response = await connected.ask(EARLY)
    assert (response.body, response.value("connection")) == (b"early", "close")


async def test_who_sends_a_body_to_its_end_reads_the_early_answer_and_then_the_end(connected: RawCaller) -> None:
    await connected.say(EARLY)
    await asyncio.sleep(0.05)  # it has been answered, and the answer lies unread
    for _ in range(10):
        await connected.say(b"y" * 10_000)
    assert (await connected.response()).body == b"early"
    assert await connected.reader.read() == b"", "closed, not reset: that would have raised"


async def test_a_request_behind_an_unread_body_is_dropped_without_a_word(connected: RawCaller) -> None:
    await connected.say(EARLY)
    assert (await connected.response()).body == b"early"
    await connected.say(b"y" * 100_000 + GET)
    assert await connected.reader.read() == b""


async def test_who_is_answered_before_it_was_asked_for_its_body_need_not_send_it(connected: RawCaller) -> None:
    expecting = EARLY.replace(b"Host", b"Expect: 100-continue\r\nHost")
    assert (await connected.ask(expecting)).value("connection") == "close"
    assert await connected.reader.read() == b""


async def test_a_body_that_comes_behind_its_head_and_is_read_leaves_the_connection_open(connected: RawCaller) -> None:
    await connected.say(b"POST /a HTTP/1.1\r\nHost: zone\r\nContent-Length: 3\r\n\r\n")
    await asyncio.sleep(0.05)
    response = await connected.ask(b"abc")
    assert (response.body, response.values("connection")) == (b"abc", [])
    assert (await connected.ask(GET)).body == b"/a"


async def go_on_saying(caller: RawCaller, piece: bytes) -> None:
    """Send a hundred pieces, in at least half a second."""
    for _ in range(100):
        await caller.say(piece)
        await asyncio.sleep(0.005)


async def test_after_an_early_answer_only_so_much_is_read(hurried: RawCaller) -> None:
    await hurried.say(EARLY.replace(b"100000", b"9000000"))
    assert (await hurried.response()).body == b"early"
    with pytest.raises(ConnectionError):
        await go_on_saying(hurried, b"y" * 100_000)


async def test_who_keeps_a_connection_open_after_an_early_answer_is_cut_off(hurried: RawCaller) -> None:
    assert (await hurried.ask(EARLY)).body == b"early"
    assert await hurried.reader.read() == b""
    with pytest.raises(ConnectionError):
        await go_on_saying(hurried, b"y")


async def test_garbage_behind_a_request_never_falls_into_its_answer(connected: RawCaller) -> None:
    await connected.say(GET.replace(b"/a", b"/patient") + b"\x00garbage\r\n\r\n")
    assert await connected.reader.read() == b""


async def test_every_request_of_a_pipeline_is_told_that_its_caller_left(connected: RawCaller, echo: Echo) -> None:
    await connected.say(GET.replace(b"/a", b"/wait") + GET)
    await asyncio.sleep(0.05)
    assert len(echo.headers) == 1, "the second waits for its turn"
    connected.reset()
    await asyncio.wait_for(echo.disconnected.wait(), IN_TIME)
