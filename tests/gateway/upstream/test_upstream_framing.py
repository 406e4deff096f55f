"""What the upstream client writes, byte by byte, and what it hands over. Items 15-20 of the upstream contract."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.upstream.call import Deadlines, Malformed, Upstream
from tests.gateway.wire import OK, Connection, answering, call, fetch, service


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def lines(head: bytes) -> list[bytes]:
    return head[:-4].split(b"\r\n")


@pytest.mark.parametrize(
    ("rest", "framing"),
    [
        ({"body": None}, []),
        ({"body": b""}, [b"content-length: 0"]),
        ({"body": b"abc"}, [b"content-length: 3"]),
        ({"body": (b"ab", b"c"), "length": 3}, [b"content-length: 3"]),
        ({"body": (b"ab", b"c"), "length": None}, [b"transfer-encoding: chunked"]),
    ],
    ids=["no body", "empty", "one piece", "streamed with a length", "streamed without"],
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_exactly_one_framing_field_is_written(
    upstream: Upstream, method: str, rest: dict[str, Any], framing: list[bytes]
) -> None:
    received = []

    async def keep(connection: Connection) -> None:
        received.append(await connection.request())
        await connection.say(OK)

    body = rest["body"]
    if isinstance(body, tuple):
        rest = {**rest, "body": chunks(*body)}
    async with service(keep) as there:
        await fetch(upstream, call(there.base, method, **rest))
    head, arrived = received[0]
    written = [line for line in lines(head.lower()) if line.startswith((b"content-length", b"transfer-encoding"))]
    assert written == framing
    assert arrived == (b"".join(body) if isinstance(body, tuple) else body or b"")


async def test_host_is_ours_and_single(upstream: Upstream) -> None:
    async with service(answering) as there:
        await fetch(upstream, call(there.base))
        assert [line for line in lines(there.heads[0]) if line.lower().startswith(b"host")] == [b"host: registry"]


@pytest.mark.parametrize(
    "target", [b"/a%2Fb", b"/a/../b", b"/a/./b", b"//x", b"/?a=b|c", b"/a;b=c?d=%00&e", b"/?q=[a]", b"/?"]
)
async def test_the_target_is_sent_as_it_is(upstream: Upstream, target: bytes) -> None:
    async with service(answering) as there:
        await fetch(upstream, call(there.base, target=target))
        assert lines(there.heads[0])[0] == b"GET " + target + b" HTTP/1.1"


async def test_header_bytes_duplicates_and_their_order_are_kept_going_up(upstream: Upstream) -> None:
    headers = [(b"x-one", b"\xe4\xb8\xad\xff"), (b"x-two", b"b"), (b"x-two", b"a"), (b"x-empty", b"")]
    async with service(answering) as there:
        await fetch(upstream, call(there.base, headers=headers))
        written = [tuple(line.split(b": ", 1)) for line in lines(there.heads[0])[1:]]
        assert [field for field in written if field[0].startswith(b"x-") and b"zone" not in field[0]] == headers


async def test_header_bytes_duplicates_and_their_order_are_kept_coming_down(upstream: Upstream) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nX-One: \xe4\xb8\xad\xff\r\nSet-Cookie: a=1, b\r\nSet-Cookie: c=2\r\nX-Empty:\r\n"
        b"content-length: 2\r\n\r\nok"
    )
    async with (
        service(lambda connection: answering(connection, answer)) as there,
        upstream.exchange(call(there.base), Deadlines()) as reply,
    ):
        assert reply.headers == [
            (b"x-one", b"\xe4\xb8\xad\xff"),
            (b"set-cookie", b"a=1, b"),
            (b"set-cookie", b"c=2"),
            (b"x-empty", b""),
            (b"content-length", b"2"),
        ]


async def test_cookies_are_not_remembered(upstream: Upstream) -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\ncontent-length: 2\r\n\r\nok"
    async with service(lambda connection: answering(connection, answer)) as there:
        await fetch(upstream, call(there.base))
        await fetch(upstream, call(there.base))
        assert not any(b"cookie" in head.lower() for head in there.heads)


async def test_redirects_are_handed_over_and_not_followed(upstream: Upstream) -> None:
    answer = b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"
    async with service(lambda connection: answering(connection, answer)) as there:
        assert await fetch(upstream, call(there.base)) == (302, b"")
        assert len(there.heads) == 1


async def test_a_proxy_in_the_environment_is_not_used(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with service(answering) as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")


@pytest.mark.parametrize(
    "bad",
    [
        {"method": "GET / HTTP/1.1\r\nx:"},
        {"method": "G T"},
        {"target": b"/ HTTP/1.1\r\nx: y"},
        {"target": b"/a b"},
        {"target": b"/\x00"},
        {"headers": [(b"x", b"a\r\ny: b")]},
        {"headers": [(b"x", b"a\nb")]},
        {"headers": [(b"x", b"a\x00b")]},
        {"headers": [(b"x y", b"a")]},
        {"headers": [(b"x\r\ny", b"a")]},
        {"headers": [(b"", b"a")]},
    ],
    ids=str,
)
async def test_what_would_write_a_second_line_raises_before_the_first_byte(
    upstream: Upstream, bad: dict[str, Any]
) -> None:
    received = bytearray()

    async def keep(connection: Connection) -> None:
        while data := await connection.reader.read(1000):
            received.extend(data)

    async with service(keep) as there:
        with pytest.raises(Malformed):
            await fetch(upstream, call(there.base, **bad))
    assert not received


@pytest.mark.parametrize(("parts", "length"), [((b"abc", b"de"), 4), ((b"abc",), 4), ((), 1)])
async def test_a_streamed_body_of_another_length_than_declared_breaks_the_connection(
    upstream: Upstream, parts: tuple[bytes, ...], length: int
) -> None:
    received = bytearray()

    async def keep(connection: Connection) -> None:
        await connection.head()
        while data := await connection.reader.read(1000):
            received.extend(data)

    async with service(keep) as there:
        with pytest.raises(Malformed):
            await fetch(upstream, call(there.base, "POST", body=chunks(*parts), length=length))
        assert len(received) < length, "neither padded nor overrun: it never became a whole body"


async def test_an_empty_chunk_does_not_end_a_chunked_body(upstream: Upstream) -> None:
    bodies = []

    async def keep(connection: Connection) -> None:
        bodies.append((await connection.request())[1])
        await connection.say(OK)

    async with service(keep) as there:
        await fetch(upstream, call(there.base, "POST", body=chunks(b"a", b"", b"b")))
    assert bodies == [b"ab"]


async def test_what_the_body_raises_comes_out_as_it_is(upstream: Upstream) -> None:
    class Mine(Exception):
        pass

    async def failing() -> AsyncIterator[bytes]:
        yield b"some"
        raise Mine

    async with service(Connection.until_left) as there:
        with pytest.raises(Mine):
            await fetch(upstream, call(there.base, "POST", body=failing()))


async def test_an_answer_to_head_has_no_body_whatever_it_announces(upstream: Upstream) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
    async with service(lambda connection: answering(connection, answer)) as there:
        for _ in range(2):
            assert await fetch(upstream, call(there.base, "HEAD")) == (200, b"")
        assert len(there.connections) == 1


async def test_calls_reach_a_service_on_a_unix_socket(upstream: Upstream, tmp_path: object) -> None:
    async with service(answering, unix=f"{tmp_path}/s") as there:
        assert await fetch(upstream, call(there.base)) == (200, b"ok")
