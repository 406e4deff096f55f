"""An event on its way: CloudEvents 1.0 attributes around the stored bytes, as Kafka binary mode and as JSON."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from services.chassis.domain.times import parse_instant, rfc3339

ATTRIBUTE = "ce_"
LAST_SEQUENCE, DIGITS = 9_999_999_999, 10
"""The digits that an event's id has for it."""


class Undecodable(Exception):
    """A record that is not an event of ours: an attribute is missing or broken, or its data does not fit its type."""


class Envelope(NamedTuple):
    """The CloudEvents attributes of one event, its data as canonical JSON bytes, and where Kafka put it.

    `sequence` is the aggregate's own number (1, 2, 3, …), written as ten digits because the documented extension
    wants a string that sorts. `key` is the business id where the fact belongs to a business, else the subject.
    `partner_id` owned the aggregate as it happened: nobody else outside the zone is told it. `hash` is that of its
    outbox row, which covers the row and the chain before it; empty where it is not known.
    """

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    topic: str
    key: str
    data: bytes
    effective_at: datetime | None = None
    business_id: str | None = None
    partner_id: str | None = None
    hash: str = ""
    traceparent: str | None = None
    tracestate: str | None = None
    partition: int = -1
    offset: int = -1

    @property
    def effective(self) -> datetime:
        """Since when the fact is true: `effective_at`, or the moment it was recorded."""
        return self.effective_at or self.time

    @property
    def trace_id(self) -> str:
        """Of the trace in which it was recorded (W3C Trace Context §3.2); empty where it says none."""
        parts = (self.traceparent or "").split("-")
        return parts[1] if len(parts) >= 4 else ""

    def to_headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers of the binary mode, see `headers_of`."""
        return headers_of(
            self.source, self.type, self.id, self.subject, b"%010d" % self.sequence, self.time, self.effective_at,
            self.business_id, self.partner_id, self.hash, self.traceparent, self.tracestate,
        )  # fmt: skip

    @classmethod
    def from_record(
        cls,
        *,
        topic: str,
        partition: int,
        offset: int,
        key: bytes | None,
        value: bytes | None,
        headers: Iterable[tuple[str, bytes | None]],
    ) -> "Envelope":
        """Read a Kafka record. Headers that are no attributes decide nothing: its producer's code does not cover them.

        Raises:
            Undecodable: it has no value, lacks an attribute, or an attribute is not what it should be.
        """
        if value is None or key is None:
            raise Undecodable("the record has no key or no value")
        try:
            found = {name: raw for name, raw in headers if raw is not None}
            sequence = found["ce_sequence"]
            is_number = sequence.isdigit() and len(sequence) <= DIGITS
            if found.get("ce_specversion") != b"1.0" or not is_number or not int(sequence):
                raise Undecodable(f"not a CloudEvents 1.0 record with a sequence from 1 to {LAST_SEQUENCE}")
            get = found.get
            effective, business, partner = get("ce_effectiveat"), get("ce_businessid"), get("ce_partnerid")
            parent, state = get("traceparent"), get("tracestate")  # of W3C Trace Context, which is ASCII
            return cls(
                found["ce_id"].decode(),
                found["ce_source"].decode(),
                found["ce_type"].decode(),
                found["ce_subject"].decode(),
                int(sequence),
                parse_instant(found["ce_time"].decode()),
                topic,
                key.decode(),
                value,
                parse_instant(effective.decode()) if effective else None,
                business.decode() if business is not None else None,
                partner.decode() if partner is not None else None,
                get("ce_zonehash", b"").decode(),
                parent.decode() if parent is not None and parent.isascii() else None,
                state.decode() if state is not None and state.isascii() else None,
                partition,
                offset,
            )
        except KeyError as missing:
            raise Undecodable(f"the record has no header {missing.args[0]}") from None
        except (UnicodeDecodeError, ValueError, PydanticCustomError) as broken:
            raise Undecodable(f"an attribute of the record cannot be read: {broken}") from None


def headers_of(
    source: str,
    type: str,
    id: str,
    subject: str,
    sequence: bytes,
    time: datetime,
    effective_at: datetime | None,
    business_id: str | None,
    partner_id: str | None,
    hash: str,
    traceparent: str | None,
    tracestate: str | None,
) -> list[tuple[str, bytes]]:
    """Kafka headers of the binary mode: `ce_…`, the content type, and the creator's trace context.

    Args:
        sequence: its ten digits. All else is as in `Envelope`.
    """
    headers = [
        *_headers_of_type(source, type),
        ("ce_id", id.encode()),
        ("ce_subject", subject.encode()),
        ("ce_time", rfc3339(time).encode()),
        ("ce_sequence", sequence),
    ]
    if effective_at is not None and effective_at != time:
        headers.append(("ce_effectiveat", rfc3339(effective_at).encode()))
    if business_id is not None:
        headers.append(("ce_businessid", business_id.encode()))
    if partner_id is not None:
        headers.append(("ce_partnerid", partner_id.encode()))
    if hash:
        headers.append(("ce_zonehash", hash.encode()))
    if traceparent:
        headers.append(("traceparent", traceparent.encode()))
    if tracestate:
        headers.append(("tracestate", tracestate.encode()))
    return headers


@lru_cache(maxsize=1_000)
def _headers_of_type(source: str, type: str) -> tuple[tuple[str, bytes], ...]:
    """What all events of one type have in common: made once, not for each."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_source", source.encode()),
        ("ce_type", type.encode()),
        ("ce_dataschema", f"/v1/events/types/{type}".encode()),
        ("content-type", b"application/json"),
    )
