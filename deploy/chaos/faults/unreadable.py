"""What no service writes: before which a reader without care stands still, and every partition with it."""

import random
from collections.abc import Sequence
from typing import Final

from deploy.chaos.target.raw_batches import CODECS, batch_of, packed, sealed, write
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.records import Partition, Record

MARK: Final = b"\xff\xfe\xfd\xfc"
"""Bytes that are no UTF-8, by which the checks know what was written here."""
NAME: Final = "name"
NO_NUMBERS: Final = (b"9" * 25, b"1_0", "٣".encode())
"""Beyond what the database holds; what Python would read as 10, and as 3."""


async def write_unreadable(bootstrap: str, place: Partition, dice: random.Random) -> None:
    """A record that nobody can read, or two. Raises KafkaFailure."""
    bad = Record(place.topic, b"key", b"value", ((NAME, b"x"),))
    batch = batch_of(*[bad] * dice.choice((1, 2)))
    await write(bootstrap, place, sealed(batch.replace(NAME.encode(), MARK)))


async def write_without_number(bootstrap: str, like: Record, key: bytes, dice: random.Random) -> None:
    """A record as another, under its producer's key, with a sequence that is none. Raises KafkaFailure."""
    sequence = dice.choice(NO_NUMBERS)
    headers = tuple((name, sequence if name == "ce_sequence" else raw) for name, raw in like.headers)
    await write(bootstrap, like.place, batch_of(with_mac(Record(like.topic, like.key, MARK, headers), key)))


async def write_again_compressed(bootstrap: str, records: Sequence[Record], dice: random.Random) -> None:
    """Some records of one partition once more, under a codec that an operator may choose. Raises KafkaFailure."""
    await write(bootstrap, records[0].place, packed(batch_of(*records), dice.choice([*CODECS])))
