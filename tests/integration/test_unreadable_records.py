"""Records that no client would write, in a real log: each costs itself, and no partition stands still for it."""

import asyncio
from collections.abc import Callable

import pytest

from deploy.chaos.target.raw_batches import batch_of, packed, sealed, write
from services.chassis.consuming.dead_letters import Selection
from services.chassis.kafka.mac import with_mac
from services.chassis.kafka.partitioner import partition_of
from services.chassis.kafka.records import Partition, Record
from services.chassis.testing.event_keys import KEY
from tests.chassis.garden import bed_of, grown
from tests.integration.stage import Stage, applied, until

PARTITIONS = [*range(4)]
CODECS = {"gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
NAME = "synthetic-name"


def of_partition(number: int, count: int = 1) -> list[str]:
    """Plants whose events stand in a partition."""
    names = (f"plant_{n}" for n in range(1_000))
    return [name for name in names if partition_of(name.encode(), len(PARTITIONS)) == number][:count]


def in_topic(stage: Stage, record: Record) -> Record:
    return with_mac(Record(stage.topic, record.key, record.value, record.headers), KEY)


async def write_between(stage: Stage, batch: bytes) -> None:
    """A batch in partition 0, with an event before and behind it there, and one in each other partition."""
    first, second = of_partition(0, 2)
    await stage.publish(in_topic(stage, grown(first, 1)))
    await write(stage.bootstrap, Partition(stage.topic, 0), batch)
    others = [plant for number in PARTITIONS[1:] for plant in of_partition(number)]
    await stage.publish(*(in_topic(stage, grown(plant, 1)) for plant in (second, *others)))


async def all_others_take_effect(stage: Stage) -> None:
    plants = [*of_partition(0, 2), *(plant for number in PARTITIONS[1:] for plant in of_partition(number))]
    assert (await stage.beds()).items() >= {bed_of(plant): [1] for plant in plants}.items()


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
async def test_events_take_effect_whatever_codec_their_topic_has(stage: Stage, codec: int) -> None:
    plants = of_partition(0, 30)
    batch = batch_of(*(in_topic(stage, grown(plant, 1)) for plant in plants))
    await write(stage.bootstrap, Partition(stage.topic, 0), packed(batch, codec))
    async with stage.running(stage.consumer()):
        await applied(stage, 30)
    assert await stage.beds() == {bed_of(plant): [1] for plant in plants}


def named_badly(batch: bytes) -> bytes:
    return sealed(batch.replace(NAME.encode(), b"\xff" * len(NAME)))


async def test_a_header_whose_name_is_not_utf8_costs_its_record_alone(stage: Stage) -> None:
    plants = of_partition(0, 5)[2:]
    events = [in_topic(stage, grown(plant, 1)) for plant in plants]
    bad = Record(stage.topic, b"k", b"v", ((NAME, b"x"),))
    await write_between(stage, named_badly(batch_of(events[0], bad, *events[1:])))
    consumer = stage.consumer()
    async with stage.running(consumer):
        await applied(stage, 5 + 3)
        await until(lambda: stage.count("parked", 1))
        assert consumer.health()["parked"] == {"unreadable": 1}
    await all_others_take_effect(stage)
    (row,) = await stage.letters.parked(Selection())
    assert (row["reason"], row["partition"], row["offset"]) == ("unreadable", 0, 2)
    assert b"\xff" * len(NAME) in row["record"]["value"]


async def test_an_offset_that_no_broker_gave_moves_nobody_there(stage: Stage) -> None:
    bad = Record(stage.topic, b"k", b"v", ())
    batch = bytearray(batch_of(bad, bad, at=[0, 900_000_000]))
    batch[23:27] = (1).to_bytes(4, "big")
    await write_between(stage, sealed(bytes(batch)))
    async with stage.running(stage.consumer()):
        await applied(stage, 5)
        await until(lambda: stage.count("parked", 2))
    await all_others_take_effect(stage)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda batch: batch[:-1] + bytes([batch[-1] ^ 1]),
        lambda batch: sealed(batch[:22] + b"\x07" + batch[23:]),
        lambda batch: sealed(batch[:22] + b"\x04" + batch[23:]),
    ],
    ids=["checksum", "codec that nobody knows", "codec that it is not"],
)
async def test_a_batch_that_cannot_be_read_is_parked_whole(
    stage: Stage, broker_keeps_its_log: bool, break_it: Callable[[bytes], bytes]
) -> None:
    if broker_keeps_its_log:
        pytest.skip("a real broker refuses it when it is written: it could only rot on a disk")
    plants = of_partition(0, 5)[2:]
    await write_between(stage, break_it(batch_of(*(in_topic(stage, grown(plant, 1)) for plant in plants))))
    async with stage.running(stage.consumer()):
        await applied(stage, 5)
        await until(lambda: stage.count("parked", 1))
    await all_others_take_effect(stage)
    (row,) = await stage.letters.parked(Selection())
    assert "at offsets 1 to 3" in row["error"]


async def test_a_number_beyond_what_the_database_holds_stops_nobody(stage: Stage) -> None:
    record = grown(of_partition(0, 3)[2], 1)
    headers = tuple((name, b"9" * 25 if name == "ce_sequence" else raw) for name, raw in record.headers)
    await write_between(stage, batch_of(with_mac(Record(stage.topic, record.key, record.value, headers), KEY)))
    async with stage.running(stage.consumer()):
        await applied(stage, 5)
        await until(lambda: stage.count("parked", 1))
    await all_others_take_effect(stage)


async def test_a_flood_that_is_small_on_the_wire_and_large_in_memory_stops_nobody(stage: Stage) -> None:
    large = Record(stage.topic, b"k", bytes(3 * 1024 * 1024), ())
    for _ in range(20):
        await write(stage.bootstrap, Partition(stage.topic, 0), packed(batch_of(large), CODECS["zstd"]))
    await write_between(stage, packed(batch_of(*(Record(stage.topic, b"k", bytes(900_000), ()),) * 4), CODECS["zstd"]))
    async with stage.running(stage.consumer()):
        await asyncio.wait_for(applied(stage, 5), 30)
        await until(lambda: stage.count("parked", 24))
    await all_others_take_effect(stage)
