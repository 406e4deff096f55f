"""Batches that only a stranger writes: before which a reader without care stands still, and every partition with it."""

import random
from collections.abc import Sequence
from typing import Final

from deploy.chaos.target.raw_batches import CODECS, batch_of, packed, sealed, write
from services.chassis.kafka.records import Partition, Record

UNREADABLE_NAME: Final = b"\xff\xfe\xfd\xfc"
"""The name of a header, which is no UTF-8; by it the checks know what was written here."""
NAME: Final = "name"


async def write_unreadable(bootstrap: str, place: Partition, dice: random.Random) -> None:
    """A record that nobody can read, or two. Raises KafkaFailure."""
    bad = Record(place.topic, b"key", b"value", ((NAME, b"x"),))
    batch = batch_of(*[bad] * dice.choice((1, 2)))
    await write(bootstrap, place, sealed(batch.replace(NAME.encode(), UNREADABLE_NAME)))


async def write_again_compressed(bootstrap: str, records: Sequence[Record], dice: random.Random) -> None:
    """Some records of one partition once more, under a codec that an operator may choose. Raises KafkaFailure."""
    await write(bootstrap, records[0].place, packed(batch_of(*records), dice.choice([*CODECS])))
