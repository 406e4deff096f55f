"""librdkafka's in-memory broker: every function that is used of it, by the client that the services use."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from deploy.servers.embedded_kafka import EmbeddedKafka
from deploy.servers.mock_cluster import MockCluster
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.topics import cluster_ready, create_topics

PRODUCE = 0
NOT_ENOUGH_REPLICAS = 19
MESSAGE_TOO_LARGE = 10


@pytest.fixture
def cluster(server_starts: None) -> Iterator[MockCluster]:
    with MockCluster({"numbers": 3}) as cluster:
        yield cluster


@pytest.fixture
async def producer(cluster: MockCluster) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(
        bootstrap_servers=cluster.bootstrap, acks="all", enable_idempotence=True, request_timeout_ms=3000
    ) as producer:
        yield producer


async def values(bootstrap: str, count: int, offset: int = 0) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="none", fetch_max_wait_ms=100
    )
    async with consumer, asyncio.timeout(10):
        partition = TopicPartition("numbers", 0)
        consumer.assign([partition])
        consumer.seek(partition, offset)
        return [(await consumer.getone()).value for _ in range(count)]


async def test_it_is_a_cluster_with_the_topics_that_it_was_given(cluster: MockCluster) -> None:
    assert await cluster_ready(cluster.bootstrap)
    assert (await describe_log(cluster.bootstrap))[1] == {"numbers": 3}


async def test_a_topic_can_be_made_from_inside(cluster: MockCluster) -> None:
    cluster.create_topic("letters", 5)
    assert (await describe_log(cluster.bootstrap))[1] == {"letters": 5, "numbers": 3}


async def test_a_topic_that_is_missing_cannot_be_made_over_the_wire(cluster: MockCluster) -> None:
    with pytest.raises(ValueError, match=r"creates no topics over the wire, and it lacks letters"):
        await create_topics(cluster.bootstrap, ["letters", "numbers"], 3, {})


async def test_another_number_of_partitions_is_refused(cluster: MockCluster) -> None:
    with pytest.raises(ValueError, match="numbers has 3 partitions, not 12"):
        await create_topics(cluster.bootstrap, ["numbers"], 12, {})


async def test_what_is_produced_is_consumed(cluster: MockCluster, producer: AIOKafkaProducer) -> None:
    for value in (b"one", b"two"):
        await producer.send_and_wait("numbers", value, partition=0)
    assert await values(cluster.bootstrap, 2) == [b"one", b"two"]


async def test_an_injected_error_is_answered_once(cluster: MockCluster, producer: AIOKafkaProducer) -> None:
    cluster.fail_next(PRODUCE, [MESSAGE_TOO_LARGE])
    with pytest.raises(Exception, match="MessageSizeTooLarge"):
        await producer.send_and_wait("numbers", b"refused", partition=0)


async def test_an_error_that_passes_is_tried_again(cluster: MockCluster, producer: AIOKafkaProducer) -> None:
    cluster.fail_next(PRODUCE, [NOT_ENOUGH_REPLICAS] * 2)
    await producer.send_and_wait("numbers", b"one", partition=0)
    assert await values(cluster.bootstrap, 1) == [b"one"]


async def test_errors_that_wait_can_be_forgotten(cluster: MockCluster, producer: AIOKafkaProducer) -> None:
    cluster.fail_next(PRODUCE, [MESSAGE_TOO_LARGE] * 100)
    cluster.fail_no_more(PRODUCE)
    await producer.send_and_wait("numbers", b"one", partition=0)


async def test_a_broker_that_is_down_does_not_answer_and_keeps_its_records(
    cluster: MockCluster, producer: AIOKafkaProducer
) -> None:
    await producer.send_and_wait("numbers", b"one", partition=0)
    cluster.set_down()
    assert not await cluster_ready(cluster.bootstrap, timeout=1)
    cluster.set_up()
    assert await values(cluster.bootstrap, 1) == [b"one"]


async def test_a_log_can_be_truncated(cluster: MockCluster, producer: AIOKafkaProducer) -> None:
    for value in (b"one", b"two", b"three"):
        await producer.send_and_wait("numbers", value, partition=0)
    cluster.truncate("numbers", 0, before=2)
    assert await values(cluster.bootstrap, 1, offset=2) == [b"three"]
    with pytest.raises(OffsetOutOfRangeError):
        await values(cluster.bootstrap, 1, offset=0)


async def test_what_it_refuses_is_an_error(cluster: MockCluster) -> None:
    with pytest.raises(RuntimeError, match="refused"):
        cluster.create_topic("numbers", 3)


@pytest.mark.server
async def test_the_process_serves_its_topics_until_it_is_stopped(tmp_path: Path) -> None:
    async with EmbeddedKafka(tmp_path, {"numbers": 3}, log=tmp_path / "kafka.log") as broker:
        bootstrap = broker.bootstrap
        assert (await describe_log(bootstrap))[1] == {"numbers": 3}
    assert not await cluster_ready(bootstrap, timeout=1)
