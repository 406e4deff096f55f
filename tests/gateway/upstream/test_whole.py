"""Whole messages: what is written and read in one piece, and what is left to httpunk."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.headers import Headers
from gateway.upstream.call import Call, Upstream
from gateway.upstream.line import Line
from gateway.upstream.whole import LONGEST_BODY, Whole, answered, written
from tests.gateway.upstream.test_upstream_refusals import REFUSED
from tests.gateway.wire import answering, call, fetch, service

PLAIN = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nx-two: b \r\nX-Two:\ta\r\nX-Empty:\r\ncontent-length: 2\r\n\r\nok"
)
HOST: Headers = [(b"host", b"registry")]


def asked(**rest: Any) -> Call:
    return call("unix:/s", **{"target": b"/pots?a=b", **rest})


def test_a_plain_answer_is_read_at_once() -> None:
    assert answered(PLAIN) == Whole(
        200,
        [
            (b"content-type", b"text/plain"),
            (b"x-two", b"b"),
            (b"x-two", b"a"),
            (b"x-empty", b""),
            (b"content-length", b"2"),
        ],
        b"ok",
    )


@given(st.integers(0, len(PLAIN) - 1))
def test_less_than_all_of_it_is_not_read(length: int) -> None:
    assert answered(PLAIN[:length]) is None


@given(st.binary(min_size=1))
def test_more_than_all_of_it_is_not_read(surplus: bytes) -> None:
    assert answered(PLAIN + surplus) is None


@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_not_read(answer: bytes) -> None:
    assert answered(answer) is None


@pytest.mark.parametrize(
    "field",
    [b"transfer-encoding: chunked", b"connection: close", b"Connection: x-two", b"Upgrade: x", b"Trailer: x"],
)
def test_what_speaks_of_the_connection_is_not_read(field: bytes) -> None:
    assert answered(PLAIN.replace(b"x-two: b ", field)) is None


@pytest.mark.parametrize("status", [b"100", b"101", b"103", b"199", b"600", b"20", b"2000"])
def test_another_status_than_a_final_one_is_not_read(status: bytes) -> None:
    assert answered(PLAIN.replace(b"200", status)) is None


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize("fields", [b"etag: x", b"content-length: 7"])
def test_an_answer_without_a_body_is_whole_with_its_head(status: int, fields: bytes) -> None:
    whole = answered(b"HTTP/1.1 %d X\r\n%b\r\n\r\n" % (status, fields))
    assert whole is not None
    assert (whole.status, whole.body) == (status, b"")


def test_a_request_is_written_in_one_piece() -> None:
    wanted = asked(method="POST", body=b"abc", headers=[(b"x-one", b"\xe4\xb8\xad"), (b"x-empty", b"")])
    assert written(wanted, [*HOST, (b"content-length", b"3")]) == (
        b"POST /pots?a=b HTTP/1.1\r\nhost: registry\r\ncontent-length: 3\r\nx-one: \xe4\xb8\xad\r\nx-empty: \r\n\r\nabc"
    )


@pytest.mark.parametrize(
    "rest",
    [
        {"method": "HEAD"},
        {"method": "GET / HTTP/1.1\r\nx:"},
        {"target": b"/ HTTP/1.1\r\nx: y"},
        {"target": b"/a b"},
        {"target": b"*"},
        {"headers": [(b"x", b"a\r\ny: b")]},
        {"headers": [(b"x", b"a\nb")]},
        {"headers": [(b"x", b"a\x00b")]},
        {"headers": [(b"x", b"a\x7fb")]},
        {"headers": [(b"x y", b"a")]},
        {"headers": [(b"x\r\ny", b"a")]},
        {"headers": [(b"", b"a")]},
        {"headers": [(b"content-length", b"1")]},
        {"headers": [(b"transfer-encoding", b"chunked")]},
        {"headers": [(b"host", b"other")]},
        {"method": "POST", "body": b"x" * (LONGEST_BODY + 1)},
    ],
    ids=str,
)
def test_what_is_not_plain_is_not_written(rest: dict[str, Any]) -> None:
    assert written(asked(**rest), HOST) is None


async def test_on_a_warm_connection_httpunk_is_passed_by(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    async with service(answering) as there:
        await fetch(upstream, call(there.base))
        monkeypatch.setattr(Line, "begin", None)
        assert await fetch(upstream, call(there.base, "POST", body=b"abc")) == (200, b"ok")
        assert len(there.connections) == 1


async def test_httpunk_reads_what_is_not_plain_and_nothing_is_sent_twice(upstream: Upstream) -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    async with service(lambda connection: answering(connection, chunked)) as there:
        for number in range(3):
            assert await fetch(upstream, call(there.base, target=b"/%d" % number)) == (200, b"ok")
        assert [head.split(b" ")[1] for head in there.heads] == [b"/0", b"/1", b"/2"]
        assert len(there.connections) == 1
