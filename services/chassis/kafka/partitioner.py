"""The partition of a key, as all of Kafka's clients choose it: by murmur2 of its bytes."""

import random
import struct
from typing import Final

SEED: Final = 0x9747B28C
MIX: Final = 0x5BD1E995
WORD: Final = 0xFFFFFFFF
POSITIVE: Final = 0x7FFFFFFF


def murmur2(data: bytes) -> int:
    """MurmurHash2 of 32 bits with Kafka's seed (`org.apache.kafka.common.utils.Utils.murmur2`), word by word."""
    length = len(data)
    words = length // 4
    hashed = SEED ^ length
    for word in struct.unpack_from(f"<{words}I", data):
        word = word * MIX & WORD
        hashed = (hashed * MIX ^ (word ^ word >> 24) * MIX) & WORD
    if rest := data[words * 4 :]:
        hashed = (hashed ^ int.from_bytes(rest, "little")) * MIX & WORD
    hashed = (hashed ^ hashed >> 13) * MIX & WORD
    return hashed ^ hashed >> 15


def partition_of(key: bytes | None, partitions: int) -> int:
    """Where a key's records stand, of so many partitions; anywhere, where there is no key."""
    return (murmur2(key) & POSITIVE) % partitions if key is not None else random.randrange(partitions)
