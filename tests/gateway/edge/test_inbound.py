"""The request normaliser against every path one can think of."""

import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge import inbound
from services.chassis.domain.errors import BadRequest

HOST = [(b"host", b"zone")]

pieces = st.sampled_from(
    [b"/", b".", b"..", b"%2e", b"%2F", b"%5c", b"%00", b"\\", b";", b"a", b"%41", b"%", b"?", b"\x00", b"\xe4", b" "]
)


@given(st.lists(pieces, max_size=12).map(b"".join))
def test_a_path_that_passes_means_the_same_to_every_reader(tail: bytes) -> None:
    path = b"/v1/" + tail
    try:
        inbound.read("GET", "1.1", path, b"", HOST)
    except BadRequest:
        return
    decoded = unquote_to_bytes(path)
    assert decoded.count(b"/") == path.count(b"/"), "decoding adds no segment"
    assert not {b".", b"..", b""} & set(decoded.split(b"/")[1:-1])
    assert decoded.split(b"/")[-1] not in {b".", b".."}
    assert not re.search(rb"[\x00-\x20\\;\x7f-\xff]", path)
    assert b"\x00" not in decoded


@given(st.binary(max_size=40))
def test_no_path_or_query_is_more_than_a_refusal(data: bytes) -> None:
    for path, query in ((data, b""), (b"/" + data, b""), (b"/", data)):
        try:
            passed = inbound.read("GET", "1.1", path, query, HOST)
        except BadRequest:
            continue
        assert passed.target.isascii()
        assert re.fullmatch(rb"[\x21-\x7e]+", passed.target)


@pytest.mark.parametrize("piece", [b"/", b"a", b"/a", b"/.", b"%2e", b"%"])
def test_a_path_as_long_as_a_server_takes_is_refused_where_only_its_last_byte_is_wrong(piece: bytes) -> None:
    """Where a pattern tried every way to read what came before, this would not end."""
    path = b"/a" + piece * (64_000 // len(piece)) + b" "
    with pytest.raises(BadRequest):
        inbound.read("GET", "1.1", path, b"", HOST)


@pytest.mark.parametrize("length", [b"", b"-1", b"+1", b"1,1", b"0x1", b"1 ", b"1" * 16])
def test_a_length_is_a_plain_number(length: bytes) -> None:
    with pytest.raises(BadRequest):
        inbound.read("POST", "1.1", b"/", b"", [*HOST, (b"content-length", length)])


def test_a_chunked_body_has_no_length_yet() -> None:
    headers = [*HOST, (b"transfer-encoding", b"Chunked")]
    assert inbound.read("POST", "1.1", b"/", b"", headers).length is None


def test_a_listed_length_still_frames_the_body() -> None:
    headers = [*HOST, (b"connection", b"content-length"), (b"content-length", b"5")]
    assert inbound.read("POST", "1.1", b"/", b"", headers).length == 5


def test_repetitions_and_order_of_other_fields_are_kept() -> None:
    kept = [(b"x-b", b"2"), (b"x-a", b"1"), (b"x-b", b"1")]
    assert inbound.read("GET", "1.1", b"/", b"", HOST + kept).headers == kept
