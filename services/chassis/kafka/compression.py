"""Decompression of a record batch with the codecs of Kafka, bounded: a megabyte on the wire may hide gigabytes."""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import cramjam

USUAL_BATCH, LARGEST_BATCH = 1024 * 1024, 16 * 1024 * 1024
"""Bytes of a batch's records. A broker bounds only what it stores, by default to 1 MiB; zstd packs that 30,000-fold."""

GZIP, SNAPPY, LZ4, ZSTD = 1, 2, 3, 4
"""The codecs' numbers in a batch's attributes."""

XERIAL: Final = b"\x82SNAPPY\x00"
XERIAL_BLOCKS = 16
"""Kafka's Java clients frame snappy: eight bytes that say so, two versions, then blocks, each behind its length."""

Into = Callable[[bytes, bytearray], int]
STREAMS: Final[Mapping[int, Into]] = {
    GZIP: cramjam.gzip.decompress_into,
    LZ4: cramjam.lz4.decompress_into,
    ZSTD: cramjam.zstd.decompress_into,
}


def decompressed(codec: int, packed: bytes) -> bytes:
    """The records of a batch as they were before they were compressed.

    Raises:
        ValueError: the codec is none of Kafka's, the bytes are none of its, or there are over `LARGEST_BATCH` of them.
    """
    if codec != SNAPPY and codec not in STREAMS:
        raise ValueError(f"its codec, number {codec}, is not known")
    try:
        return b"".join(_snappy(packed)) if codec == SNAPPY else _stream(STREAMS[codec], packed)
    except (cramjam.DecompressionError, struct.error) as broken:
        raise ValueError(f"it does not decompress to at most {LARGEST_BATCH} bytes: {broken}") from None


def _stream(into: Into, packed: bytes) -> bytes:
    for room in (USUAL_BATCH, LARGEST_BATCH):  # zeros cost time too
        unpacked = bytearray(room)
        try:
            return bytes(memoryview(unpacked)[: into(packed, unpacked)])
        except cramjam.DecompressionError as error:
            broken = error
    raise broken


def _snappy(packed: bytes) -> Iterator[bytes]:
    room = LARGEST_BATCH
    for block in _blocks(packed):
        room -= cramjam.snappy.decompress_raw_len(block)  # as it says of itself, before anything is made room for
        if room < 0:
            raise ValueError(f"it has over {LARGEST_BATCH} bytes decompressed")
        yield bytes(cramjam.snappy.decompress_raw(block))


def _blocks(packed: bytes) -> Iterator[bytes]:
    if not packed.startswith(XERIAL):
        yield packed
        return
    at = XERIAL_BLOCKS
    while at < len(packed):
        (length,) = struct.unpack_from(">I", packed, at)
        yield packed[at + 4 : at + 4 + length]
        at += 4 + length
