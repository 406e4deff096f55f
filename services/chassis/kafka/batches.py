"""Record batches of the log (Kafka's format v2, KIP-98), read so that one that is broken stops no other.

aiokafka gives up a whole fetch, and with it every partition, at the first byte that it cannot read: a checksum, a
codec, a header's name. Here what can be read is, and what cannot is handed on as it stands, with the fault in words.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from aiokafka.record.default_records import DefaultRecord, DefaultRecordBatch
from aiokafka.record.util import decode_varint

from services.chassis.kafka.compression import decompressed
from services.chassis.kafka.records import KEPT_BYTES, LARGEST_RECORD

HEADER = struct.Struct(">qiibIhiqqqhii")
"""Base offset, length of what follows, leader epoch, format, CRC-32C, attributes, last offset delta, two timestamps,
producer, its epoch, base sequence, number of records."""
FRAME: Final = 12
"""Bytes of the base offset and the length."""
CODEC, CONTROL = 0x07, 0x20
FORMAT: Final = 2
LONGEST_VARINT: Final = 10
"""Bytes."""

BROKEN_APART: Final = 100
"""Records of one batch that are kept each by itself; with the next that is broken goes all that is left of it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands in the log up to an offset and cannot be read as records: its first bytes, and why.

    It looks like a record to aiokafka, which hands on `checksum` as it is: in format v2 no record has one.
    """

    offset: int
    value: bytes
    checksum: str
    key: None = None
    headers: tuple[()] = ()
    timestamp: int = -1
    timestamp_type: Literal[0] = 0

    @classmethod
    def found(cls, first: int, last: int, raw: bytes, fault: str) -> "Unreadable":
        where = f"at offset {first}" if first == last else f"at offsets {first} to {last}"
        kept = f" ({KEPT_BYTES} of {len(raw)} bytes are kept)" if len(raw) > KEPT_BYTES else ""
        return cls(last, raw[:KEPT_BYTES], f"{fault}, {where}{kept}")

    @classmethod
    def too_large(cls, record: DefaultRecord) -> "Unreadable | None":
        """The beginning of a record that is over `LARGEST_RECORD`; None for any other."""
        headers = sum(len(name) + len(raw or b"") for name, raw in record.headers)
        size = len(record.key or b"") + len(record.value or b"") + headers
        if size <= LARGEST_RECORD:
            return None
        fault = f"the record has {size} bytes, over {LARGEST_RECORD}; the first {KEPT_BYTES} of its value are kept"
        return cls(record.offset, (record.value or b"")[:KEPT_BYTES], fault)


class Batches:
    """What one fetch brought of a partition, in place of aiokafka's `MemoryRecords`.

    A last batch that the broker cut short is left for the next fetch; a first one that is cut is broken: no broker
    sends one.
    """

    def __init__(self, fetched: bytes) -> None:
        self._fetched, self._at = fetched, 0

    def size_in_bytes(self) -> int:
        return len(self._fetched)

    def has_next(self) -> bool:
        return self._end() <= len(self._fetched) or (self._at == 0 and len(self._fetched) >= FRAME)

    def next_batch(self) -> "Batch":
        start, self._at = self._at, self._end()
        return Batch(self._fetched[start : self._at], is_whole=self._at <= len(self._fetched))

    def _end(self) -> int:
        """Where the next batch ends; beyond what was fetched where it does not end there."""
        if len(self._fetched) < self._at + FRAME:
            return len(self._fetched) + 1
        (length,) = struct.unpack_from(">i", self._fetched, self._at + 8)
        return self._at + FRAME + length if length >= 0 else len(self._fetched) + 1


class Batch:
    """One record batch, as aiokafka's fetcher wants it.

    Attributes:
        next_offset: of what stands behind it.
        is_control_batch: whether it holds a mark of a transaction, and no records.
    """

    def __init__(self, raw: bytes, *, is_whole: bool = True) -> None:
        self._raw, self._fault = raw, ""
        (self._base,) = struct.unpack_from(">q", raw)
        self._last, self._count, self._plain = self._base, 0, b""
        self.is_control_batch = False
        try:
            if not is_whole:
                raise ValueError("it is not as long as it says")
            self._open()
        except (ValueError, struct.error) as broken:
            self._fault = f"the record batch cannot be read: {broken}"
        self.next_offset = self._last + 1

    def _open(self) -> None:
        """Raises ValueError, or struct.error where it is shorter than a header."""
        header = HEADER.unpack_from(self._raw)
        format, attributes, last_delta, count = header[3], header[5], header[6], header[12]
        if format != FORMAT:
            raise ValueError(f"its format is {format}, not {FORMAT}")
        self._last, self._count = self._base + max(last_delta, 0), count
        if not DefaultRecordBatch(self._raw).validate_crc():
            raise ValueError("its checksum (CRC-32C) is wrong")
        if not 0 <= count <= last_delta + 1:
            raise ValueError(f"it says to have {count} records on {last_delta + 1} offsets")
        self._plain = self._raw
        if codec := attributes & CODEC:
            plain = HEADER.pack(*header[:5], attributes & ~CODEC, *header[6:])
            self._plain = plain + decompressed(codec, self._raw[HEADER.size :])
        self.is_control_batch = bool(attributes & CONTROL)

    def validate_crc(self) -> bool:
        """True, as one that is wrong is handed on like any other fault."""
        return True

    def __iter__(self) -> Iterator[DefaultRecord | Unreadable]:
        if self._fault:
            yield Unreadable.found(self._base, self._last, self._raw, self._fault)
            return
        last, done, room = self._base - 1, 0, self._last - self._count + 1
        may_be_too_large = len(self._plain) > LARGEST_RECORD
        try:
            for record in DefaultRecordBatch(self._plain):
                offset = record.offset
                if not last < offset <= room + done:  # else it would be believed, and what stands behind it skipped
                    break
                last, done = offset, done + 1
                yield (Unreadable.too_large(record) or record) if may_be_too_large else record
            else:
                return
        except Exception:  # whatever is raised about bytes that anybody may have written: `_apart` says what it is
            pass
        yield from self._apart(last, done)

    def _apart(self, last: int, done: int) -> Iterator[DefaultRecord | Unreadable]:
        """Those behind the `done` first, of which the last stands at the offset `last`: each as a batch of its own."""
        alone = HEADER.pack(*HEADER.unpack_from(self._plain)[:12], 1)
        broken = 0
        for number, (begin, end) in enumerate(islice(self._bounds(), done, None), done):
            record: DefaultRecord | Unreadable
            try:
                (record,) = DefaultRecordBatch(alone + self._plain[begin:end])
                at_most = self._last - self._count + 1 + number
                if not last < record.offset <= at_most:
                    raise ValueError(f"its offset {record.offset} is not from {last + 1} to {at_most}")
                record = Unreadable.too_large(record) or record
            except Exception as error:
                broken += 1
                is_rest = broken > BROKEN_APART or end == len(self._plain)
                raw, upto = (self._plain[begin:], self._last) if is_rest else (self._plain[begin:end], last + 1)
                record = Unreadable.found(last + 1, upto, raw, f"the record cannot be read: {error}")
            yield record
            if (last := record.offset) == self._last:
                return

    def _bounds(self) -> Iterator[tuple[int, int]]:
        """Where each record begins and ends, by the lengths that they say to have; the rest, where that cannot be."""
        at = HEADER.size
        for _ in range(self._count):
            try:
                length, start = decode_varint(bytearray(self._plain[at : at + LONGEST_VARINT]), 0)
            except (IndexError, ValueError):
                length, start = -1, 0
            end = at + start + length
            if length < 0 or end > len(self._plain):
                yield at, len(self._plain)
                return
            yield at, end
            at = end
