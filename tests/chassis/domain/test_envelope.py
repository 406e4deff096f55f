"""An event on its way: what its headers say comes back as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.chassis.domain.envelope import LAST_SEQUENCE, Envelope, Undecodable
from services.chassis.testing.moments import NOON

PLAIN = Envelope(
    id="jug_1:0000000001",
    source="/test",
    type="zone.test.jug.fired.v1",
    subject="jug_1",
    sequence=1,
    time=NOON,
    topic="zone.test.pots",
    key="jug_1",
    data=b"{}",
)
FULL = replace(
    PLAIN,
    effective_at=NOON - timedelta(days=1),
    business_id="biz_1",
    partner_id="par_1",
    traceparent="00-a-b-01",
    tracestate="x=y",
)


def read_back(envelope: Envelope, headers: dict[str, bytes]) -> Envelope:
    return Envelope.from_record(
        topic=envelope.topic,
        partition=-1,
        offset=-1,
        key=envelope.key.encode(),
        value=envelope.data,
        headers=headers.items(),
    )


@pytest.mark.parametrize("envelope", [PLAIN, FULL], ids=["plain", "full"])
def test_an_envelope_comes_back_from_its_headers_as_it_was(envelope: Envelope) -> None:
    assert read_back(envelope, dict(envelope.to_headers())) == envelope


def test_the_owner_travels_as_an_extension_attribute_of_cloudevents() -> None:
    assert dict(FULL.to_headers())["ce_partnerid"] == b"par_1"


def test_what_nobody_owns_has_no_owner_on_the_wire() -> None:
    assert "ce_partnerid" not in dict(PLAIN.to_headers())


@pytest.mark.parametrize("missing", ["id", "source", "type", "subject", "time", "sequence", "specversion"])
def test_a_record_without_an_attribute_that_every_event_has_is_none_of_ours(missing: str) -> None:
    headers = dict(PLAIN.to_headers())
    del headers[f"ce_{missing}"]
    with pytest.raises(Undecodable):
        read_back(PLAIN, headers)


@pytest.mark.parametrize(
    "odd",
    ["1_0", " 1", "1 ", "+1", "-1", "0", "0000000000", "", "٣", "1.0", "0x1", "10000000000", "9" * 30, "9" * 5_000],
)
def test_a_sequence_is_nothing_but_digits_and_in_the_range_of_an_id(odd: str) -> None:
    with pytest.raises(Undecodable):
        read_back(PLAIN, {**dict(PLAIN.to_headers()), "ce_sequence": odd.encode()})


@pytest.mark.parametrize(("text", "sequence"), [("1", 1), ("0000000010", 10), ("9999999999", LAST_SEQUENCE)])
def test_a_sequence_has_up_to_ten_digits(text: str, sequence: int) -> None:
    assert read_back(PLAIN, {**dict(PLAIN.to_headers()), "ce_sequence": text.encode()}).sequence == sequence


def test_headers_that_are_no_attributes_of_the_event_decide_nothing() -> None:
    strange = {"traceparent": b"\xff", "tracestate": b"\xff", "anything": b"\xff"}
    assert read_back(PLAIN, {**dict(PLAIN.to_headers()), **strange}) == PLAIN


def test_an_attribute_that_is_no_text_is_none_of_ours() -> None:
    with pytest.raises(Undecodable):
        read_back(PLAIN, {**dict(PLAIN.to_headers()), "ce_businessid": b"\xff"})
