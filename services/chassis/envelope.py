"""An event on its way: CloudEvents 1.0 attributes around the stored bytes, as Kafka binary mode and as JSON."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from services.chassis.events import Event
from services.chassis.times import parse_instant, rfc3339

REQUIRED = ("id", "source", "type", "subject", "time", "sequence")
MAJOR = re.compile(r"^(?P<family>.+)\.v(?P<major>\d+)$")


class Undecodable(Exception):
    """A record that is not an event of ours: an attribute is missing or broken, or its data does not fit its type."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The CloudEvents attributes of one event, its data as canonical JSON bytes, and where Kafka put it.

    `sequence` is the aggregate's own number (1, 2, 3, …), written as ten digits because the documented extension
    wants a string that sorts. `key` is the business id where the fact belongs to a business, else the subject.
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
        """Read a Kafka record.

        Raises:
            Undecodable: it has no value, lacks an attribute, or an attribute is not what it should be.
        """
        try:
            found = {name: raw.decode() for name, raw in headers if raw is not None}
            at = {name: found[f"ce_{name}"] for name in REQUIRED}
            if value is None or key is None:
                raise Undecodable("the record has no key or no value")
            if found.get("ce_specversion") != "1.0" or not at["sequence"].isascii() or int(at["sequence"]) < 1:
                raise Undecodable("not a CloudEvents 1.0 record with a sequence from 1")
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
                traceparent=found.get("traceparent"),
                tracestate=found.get("tracestate"),
                partition=partition,
                offset=offset,
            )
        except KeyError as missing:
            raise Undecodable(f"the record has no header {missing.args[0]}") from None
        except (UnicodeDecodeError, ValueError, PydanticCustomError) as broken:
            raise Undecodable(f"an attribute of the record cannot be read: {broken}") from None


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


LIFTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Old majors to the next: `zone.….v1` → a pure function from its data to that of `….v2`."""


def decode(envelope: Envelope) -> Event | None:
    """The event inside, lifted to the major that we know; None for a type that nobody here has heard of.

    A member that is not known yet is ignored wherever it stands: the same shapes are strict in a caller's body.

    Raises:
        Undecodable: the data does not fit the type, or it is a newer major of a type that we know.
    """
    wire_name = envelope.type
    try:
        data = orjson.loads(envelope.data)
    except orjson.JSONDecodeError as broken:
        raise Undecodable(f"the data is not JSON: {broken}") from None
    while wire_name in LIFTS:
        data, wire_name = LIFTS[wire_name](data), next_major(wire_name)
    cls = Event.types.get(wire_name)
    if cls is None:
        if major := MAJOR.match(wire_name):
            family = major["family"] + ".v"
            if any(known.startswith(family) for known in Event.types):
                raise Undecodable(f"{wire_name} is a major version that is not known here")
        return None
    try:
        return cls.model_validate(data, extra="ignore").delivered(envelope)
    except ValidationError as misfit:
        places = ", ".join("/".join(map(str, error["loc"])) or "/" for error in misfit.errors(include_input=False))
        raise Undecodable(f"the data does not fit {wire_name} at {places}") from None


def next_major(wire_name: str) -> str:
    """`….v1` → `….v2`."""
    family, _, major = wire_name.rpartition(".v")
    return f"{family}.v{int(major) + 1}"
