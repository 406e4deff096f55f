"""A Kafka record as it stands in the log, and as it is kept where it had to be parked."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from services.chassis.domain.envelope import Envelope

LARGEST_RECORD: Final = 2 * 1024 * 1024
"""Bytes of one that is looked at: far over what the zone's services write, far under what MongoDB keeps."""
KEPT_BYTES: Final = 64 * 1024
"""Of one that is larger, or cannot be read at all."""

Headers = tuple[tuple[str, bytes | None], ...]
"""Names and values in the order in which they stand in a record."""


class Partition(NamedTuple):
    """One ordered part of a topic."""

    topic: str
    number: int


class Record(NamedTuple):
    """Key, value and headers, and where they stand; `partition` and `offset` are -1 until the broker took them.

    `fault` says why what stands there cannot be read as a record; `value` is then the first of its bytes.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int = -1
    offset: int = -1
    fault: str = ""

    @property
    def place(self) -> Partition:
        return Partition(self.topic, self.partition)

    @property
    def traceparent(self) -> str | None:
        """Of its creator, as `Envelope.traceparent`; looked for only where somebody wants it."""
        return self._text_of("traceparent")

    @property
    def tracestate(self) -> str | None:
        return self._text_of("tracestate")

    def _text_of(self, header: str) -> str | None:
        raw = dict(self.headers).get(header)
        return raw.decode() if raw is not None and raw.isascii() else None

    def envelope(self) -> Envelope:
        """The event's attributes. Raises Undecodable where it is none of ours."""
        return Envelope.from_record(
            topic=self.topic,
            partition=self.partition,
            offset=self.offset,
            key=self.key,
            value=self.value,
            headers=self.headers,
        )

    def to_document(self) -> dict[str, Any]:
        """Key, value and headers as received, byte for byte."""
        kept = {"key": self.key, "value": self.value, "headers": [list(header) for header in self.headers]}
        return {**kept, "fault": self.fault} if self.fault else kept

    @classmethod
    def from_document(cls, parked: Mapping[str, Any]) -> "Record":
        """The record inside a parked row."""
        kept = parked["record"]
        headers = tuple((name, raw) for name, raw in kept["headers"])
        place = (parked["partition"], parked["offset"])
        return cls(parked["topic"], kept["key"], kept["value"], headers, *place, kept.get("fault", ""))
