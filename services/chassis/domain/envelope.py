"""An event on its way: CloudEvents 1.0 attributes around the stored bytes, as Kafka binary mode and as JSON."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pydantic_core import PydanticCustomError

from services.chassis.domain.times import parse_instant, rfc3339

REQUIRED = ("id", "source", "type", "subject", "time", "sequence")
ATTRIBUTE = "ce_"
SEQUENCE = re.compile(r"[0-9]{1,10}")
LAST_SEQUENCE = 9_999_999_999
"""The ten digits that an event's id has for it."""


class Undecodable(Exception):
    """A record that is not an event of ours: an attribute is missing or broken, or its data does not fit its type."""


@dataclass(frozen=True, slots=True)
class Envelope:
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

    def to_headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers of the binary mode: `ce_…`, the content type, and the creator's trace context."""
        headers = [
            *_headers_of_type(self.source, self.type),
            ("ce_id", self.id.encode()),
            ("ce_subject", self.subject.encode()),
            ("ce_time", rfc3339(self.time).encode()),
            ("ce_sequence", b"%010d" % self.sequence),
        ]
        if self.effective_at is not None and self.effective_at != self.time:
            headers.append(("ce_effectiveat", rfc3339(self.effective_at).encode()))
        if self.business_id is not None:
            headers.append(("ce_businessid", self.business_id.encode()))
        if self.partner_id is not None:
            headers.append(("ce_partnerid", self.partner_id.encode()))
        if self.hash:
            headers.append(("ce_zonehash", self.hash.encode()))
        if self.traceparent:
            headers.append(("traceparent", self.traceparent.encode()))
        if self.tracestate:
            headers.append(("tracestate", self.tracestate.encode()))
        return headers

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
        try:
            said = {name: raw for name, raw in headers if raw is not None}
            found = {name: raw.decode() for name, raw in said.items() if name.startswith(ATTRIBUTE)}
            at = {name: found[f"ce_{name}"] for name in REQUIRED}
            if value is None or key is None:
                raise Undecodable("the record has no key or no value")
            if (
                found.get("ce_specversion") != "1.0"
                or not SEQUENCE.fullmatch(at["sequence"])
                or not int(at["sequence"])
            ):
                raise Undecodable(f"not a CloudEvents 1.0 record with a sequence from 1 to {LAST_SEQUENCE}")
            effective = found.get("ce_effectiveat")
            return cls(
                id=at["id"],
                source=at["source"],
                type=at["type"],
                subject=at["subject"],
                sequence=int(at["sequence"]),
                time=parse_instant(at["time"]),
                topic=topic,
                key=key.decode(),
                data=value,
                effective_at=parse_instant(effective) if effective else None,
                business_id=found.get("ce_businessid"),
                partner_id=found.get("ce_partnerid"),
                hash=found.get("ce_zonehash", ""),
                traceparent=_ascii(said.get("traceparent")),
                tracestate=_ascii(said.get("tracestate")),
                partition=partition,
                offset=offset,
            )
        except KeyError as missing:
            raise Undecodable(f"the record has no header {missing.args[0]}") from None
        except (UnicodeDecodeError, ValueError, PydanticCustomError) as broken:
            raise Undecodable(f"an attribute of the record cannot be read: {broken}") from None


def _ascii(raw: bytes | None) -> str | None:
    """A header of W3C Trace Context, which is ASCII; nothing where it is none."""
    return raw.decode() if raw is not None and raw.isascii() else None


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
