"""The partition of a key: where every other client of Kafka would look for it."""

import random

from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as known

from services.chassis.domain.ids import new_id
from services.chassis.kafka.partitioner import murmur2, partition_of


def test_the_hash_of_any_key_is_that_of_other_clients() -> None:
    keys = [random.randbytes(length) for length in range(70) for _ in range(100)]
    assert [murmur2(key) for key in keys] == [known(key) for key in keys]


def test_an_id_stands_in_the_partition_of_other_clients() -> None:
    theirs, numbers = DefaultPartitioner(), list(range(12))
    keys = [new_id("biz").encode() for _ in range(1_000)]
    assert [partition_of(key, 12) for key in keys] == [theirs(key, numbers, numbers) for key in keys]


def test_without_a_key_any_partition_will_do() -> None:
    assert {partition_of(None, 3) for _ in range(200)} == {0, 1, 2}
