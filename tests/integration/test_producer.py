"""Batches made by hand: everything arrives, in its order, where Kafka's own clients would have put it."""

import asyncio

from aiokafka import AIOKafkaProducer

from services.chassis.kafka.producer import BATCH_BYTES, Producer
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record
from tests.conftest import NewTopic


async def sent(bootstrap: str, topic: str, records: list[Record]) -> list[Record]:
    """Send them at once, and read all partitions to their end."""
    producer = await Producer.started(bootstrap)
    await producer.send(records)
    await producer.close()
    return await whole_log(bootstrap, topic, len(records))


async def whole_log(bootstrap: str, topic: str, expected: int) -> list[Record]:
    reader = await Reader.opened(bootstrap, {Partition(topic, number): 0 for number in range(12)})
    found: list[Record] = []
    async with asyncio.timeout(20):
        while len(found) < expected:
            found += await reader.poll(1_000, timeout=1)
    await reader.close()
    return found


def record(topic: str, key: str, value: bytes) -> Record:
    return Record(topic, key.encode(), value, (("ce_id", key.encode()), ("empty", None)))


async def test_each_record_arrives_as_it_was_and_those_of_one_key_in_order(
    kafka_bootstrap: str, new_topic: NewTopic
) -> None:
    topic = await new_topic()
    records = [record(topic, f"key_{number % 50}", b"%d" % number) for number in range(2_000)]
    found = await sent(kafka_bootstrap, topic, records)
    for key in {each.key for each in records}:
        wanted = [each.value for each in records if each.key == key]
        assert [each.value for each in found if each.key == key] == wanted
    assert {each.headers for each in found if each.key == b"key_7"} == {records[7].headers}


async def test_more_than_a_batch_holds_goes_in_several_and_what_is_larger_than_a_batch_alone(
    kafka_bootstrap: str, new_topic: NewTopic
) -> None:
    topic = await new_topic()
    sizes = [BATCH_BYTES // 3] * 5 + [2 * BATCH_BYTES] + [BATCH_BYTES // 3] * 2
    found = await sent(kafka_bootstrap, topic, [record(topic, "one", bytes(size)) for size in sizes])
    assert [len(each.value or b"") for each in found] == sizes


async def test_a_key_has_the_partition_that_other_clients_give_it(kafka_bootstrap: str, new_topic: NewTopic) -> None:
    topic = await new_topic()
    keys = [f"biz_{number}" for number in range(100)]
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as other:
        theirs = {key: (await other.send_and_wait(topic, b"", key.encode())).partition for key in keys}
    producer = await Producer.started(kafka_bootstrap)
    await producer.send([record(topic, key, b"") for key in keys])
    await producer.close()
    found = await whole_log(kafka_bootstrap, topic, 200)
    assert {(each.key.decode(), each.partition) for each in found if each.key} == set(theirs.items())
