"""Kafka: the only file that imports aiokafka."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    OffsetOutOfRangeError,
    RecordListTooLargeError,
    TopicAlreadyExistsError,
    for_code,
)
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.metadata import MetadataRequest

from services.chassis.records import Partition, Record

# aiokafka writes a line for every attempt of an outage; who uses it here says once what matters.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

PROBE_GROUP = "zone.probe"

START_TIMEOUT, SEND_TIMEOUT, ANSWER_TIMEOUT, STOP_TIMEOUT = 10, 15, 5, 3
"""Seconds. Nothing here may hang: aiokafka by itself waits for ever in most of these."""

BATCH_BYTES = 256 * 1024
PARTITION_OF = DefaultPartitioner()
"""By murmur2 of the key, as Kafka's own clients do it."""

EMPTY_FETCH_MS = 100
"""How long a broker may hold an empty fetch. The real one answers at once, an in-memory one waits that long."""


async def cluster_ready(bootstrap: str, *, timeout: float = 5.0) -> bool:
    """Whether the cluster can be used: metadata *and* group coordinator answer within `timeout` seconds.

    A broker lists itself some time before it can serve a group; waiting for the metadata alone is a race.
    """
    try:
        async with asyncio.timeout(timeout), _admin(bootstrap) as admin:
            cluster = await admin.describe_cluster()
            return bool(cluster["brokers"]) and await admin.find_coordinator(PROBE_GROUP) >= 0
    except (KafkaError, OSError, TimeoutError):
        return False


async def create_topics(
    bootstrap: str,
    topics: Iterable[str],
    partitions: int,
    config: Mapping[str, str],
    *,
    replication: int = 1,
    timeout: float = 30.0,
) -> list[str]:
    """Create the topics that are not there yet; those that are stay as they are.

    Returns:
        The names of the topics that were created, sorted.

    Raises:
        ValueError: a topic is there with another number of partitions (it would move keys: never changed in place),
            or the cluster has no controller that could create any.
        KafkaError: the cluster refused.
        TimeoutError: the cluster did not answer within `timeout` seconds.
    """
    wanted = sorted(set(topics))
    async with asyncio.timeout(timeout), _admin(bootstrap) as admin:
        present = await _partition_counts(admin)
        for name in wanted:
            if present.get(name, partitions) != partitions:
                raise ValueError(f"topic {name} has {present[name]} partitions, not {partitions}")
        missing = [name for name in wanted if name not in present]
        if not missing:
            return []
        cluster = await admin.describe_cluster()
        if cluster["controller_id"] not in {broker["node_id"] for broker in cluster["brokers"]}:
            raise ValueError(f"this cluster creates no topics over the wire, and it lacks {', '.join(missing)}")
        response = await admin.create_topics(
            [NewTopic(name, partitions, replication, topic_configs=dict(config)) for name in missing]
        )
        for name, code, *_ in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"topic {name} cannot be created")
        # The controller has answered; a client may only start once the broker itself lists every partition.
        while not set(missing) <= {name for name, n in (await _partition_counts(admin)).items() if n == partitions}:
            await asyncio.sleep(0.05)
        return missing


async def topic_partitions(bootstrap: str, *, timeout: float = 10.0) -> dict[str, int]:
    """The topics of the cluster, the broker's internal ones left out, with their number of partitions."""
    async with asyncio.timeout(timeout), _admin(bootstrap) as admin:
        return await _partition_counts(admin)


async def _partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {
        topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics() if not topic["is_internal"]
    }


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


class KafkaFailure(Exception):
    """The brokers are away, too slow, or refused; what was under way has to be begun anew."""


class TooLargeForBroker(KafkaFailure):
    """A record over the broker's limit: it will never be taken."""


class LogTruncated(Exception):
    """The log begins after the position from which it should be read: events are gone."""


@contextmanager
def _failures() -> Iterator[None]:
    """Turns whatever the client may raise into the three failures above."""
    try:
        yield
    except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
        raise TooLargeForBroker(str(error)) from error
    except OffsetOutOfRangeError as error:
        raise LogTruncated(str(error)) from error
    except TimeoutError as error:
        raise KafkaFailure("the brokers did not answer in time") from error
    except (KafkaError, OSError) as error:
        raise KafkaFailure(f"{type(error).__name__}: {error}") from error


async def _ended(closing: Coroutine[Any, Any, None]) -> None:
    """Let something end within `STOP_TIMEOUT`, in its own task: aiokafka lets the cancellation of its parts out."""
    task = asyncio.create_task(closing)
    _, late = await asyncio.wait([task], timeout=STOP_TIMEOUT)
    if late:
        task.cancel()
    elif not task.cancelled():
        task.exception()  # there is nobody whom it could help


async def describe_log(bootstrap: str) -> tuple[str, dict[str, int]]:
    """The cluster's id, and its topics with their number of partitions. Raises KafkaFailure."""
    with _failures():
        async with asyncio.timeout(START_TIMEOUT), _admin(bootstrap) as admin:
            cluster = await admin.describe_cluster()
            return str(cluster["cluster_id"]), await _partition_counts(admin)


async def _cluster_id(client: AIOKafkaClient) -> str:
    """Names the log itself: an in-memory broker that was started again has another one."""
    with _failures():
        async with asyncio.timeout(ANSWER_TIMEOUT):
            response = await client.send(client.get_random_node(), MetadataRequest([]))
            return str(response.cluster_id)


class Producer:
    """Sends batches in order, each event acknowledged by all replicas. After one failure it must be closed.

    Going on after a refused batch would leave a hole: aiokafka then fails every later send of that partition.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    @classmethod
    async def started(cls, bootstrap: str) -> "Producer":
        """Raises KafkaFailure."""
        producer = cls(
            AIOKafkaProducer(
                bootstrap_servers=bootstrap,
                acks="all",
                enable_idempotence=True,
                max_batch_size=BATCH_BYTES,
                request_timeout_ms=10_000,
            )
        )
        try:
            with _failures():
                async with asyncio.timeout(START_TIMEOUT):
                    await producer._producer.start()
        except BaseException:
            await producer.close()
            raise
        return producer

    async def cluster_id(self) -> str:
        """Raises KafkaFailure."""
        return await _cluster_id(self._producer.client)

    async def send(self, records: Sequence[Record]) -> None:
        """Returns when every record is acknowledged.

        Raises:
            TooLargeForBroker: one of them will never be taken; none is known to have been.
            KafkaFailure: not all were acknowledged within `SEND_TIMEOUT` seconds (an idempotent send never gives up
                by itself).
        """
        with _failures():
            async with asyncio.timeout(SEND_TIMEOUT):
                acknowledgements = [
                    await self._producer.send_batch(batch, topic, partition=number)
                    async for (topic, number), batch in self._batches(records)
                ]
                await asyncio.gather(*acknowledgements)

    async def _batches(self, records: Sequence[Record]) -> AsyncIterator[tuple[Partition, BatchBuilder]]:
        """Batches in the order of each partition: a record costs two thirds of what it does when sent by itself."""
        topics = {record.topic for record in records}
        numbers = {topic: sorted(await self._producer.partitions_for(topic)) for topic in topics}
        filling: dict[Partition, BatchBuilder] = {}
        for record in records:
            place = Partition(record.topic, PARTITION_OF(record.key, numbers[record.topic], numbers[record.topic]))
            what = {"timestamp": None, "key": record.key, "value": record.value, "headers": list(record.headers)}
            while (batch := filling.get(place)) is None or batch.append(**what) is None:  # an empty one takes any
                if batch is not None:
                    yield place, batch
                filling[place] = self._producer.create_batch()
        for place, batch in filling.items():
            yield place, batch

    async def close(self) -> None:
        """End it at once. aiokafka's own stop would first wait for what is not acknowledged, for ever."""
        self._producer._closed = True
        sender = self._producer._sender.sender_task
        for _ in range(2):  # the first ends its loop, the second what hangs inside
            if sender is not None and not sender.done():
                sender.cancel()
                await asyncio.wait([sender], timeout=STOP_TIMEOUT / 2)
        await _ended(self._producer.client.close())


class Reader:
    """Reads given partitions from given positions. Another assignment is another reader: nothing old can linger."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    @classmethod
    async def opened(cls, bootstrap: str, positions: Mapping[Partition, int]) -> "Reader":
        """Raises KafkaFailure."""
        reader = cls(
            AIOKafkaConsumer(
                bootstrap_servers=bootstrap,
                enable_auto_commit=False,
                auto_offset_reset="none",  # 'earliest' silently skips over a truncated log
                fetch_max_wait_ms=EMPTY_FETCH_MS,
                request_timeout_ms=10_000,
            )
        )
        try:
            with _failures():
                async with asyncio.timeout(START_TIMEOUT):
                    await reader._consumer.start()
            # No await between the two, or records from elsewhere could slip in.
            reader._consumer.assign([TopicPartition(*partition) for partition in positions])
            for partition, offset in positions.items():
                reader._consumer.seek(TopicPartition(*partition), offset)
        except BaseException:
            await reader.close()
            raise
        return reader

    async def cluster_id(self) -> str:
        """Raises KafkaFailure."""
        return await _cluster_id(self._consumer._client)

    async def poll(self, at_most: int, timeout: float) -> list[Record]:
        """The next records, in the order of each partition; none after `timeout` seconds without any.

        Raises:
            LogTruncated: a position is no longer in the log.
            KafkaFailure: anything else.
        """
        with _failures():
            found = await self._consumer.getmany(timeout_ms=int(timeout * 1000), max_records=at_most)
        return [
            Record(each.topic, each.key, each.value, each.headers, each.partition, each.offset)
            for records in found.values()
            for each in records
        ]

    async def ends(self) -> dict[Partition, int]:
        """Where each partition's log ends. Raises KafkaFailure."""
        with _failures():
            async with asyncio.timeout(ANSWER_TIMEOUT):
                ends = await self._consumer.end_offsets(self._consumer.assignment())
        return {Partition(*partition): end for partition, end in ends.items()}

    async def tell(self, group: str, positions: Mapping[Partition, int]) -> None:
        """Commit positions under the group's name, for lag tools and autoscalers; nobody here reads them.

        Sent as a consumer outside the group protocol does (no generation, no member), which a broker takes
        while nobody has joined that group. Raises KafkaFailure.
        """
        topics: dict[str, list[tuple[int, int, str]]] = {}
        for (topic, number), offset in positions.items():
            topics.setdefault(topic, []).append((number, offset, ""))
        client = self._consumer._client
        with _failures():
            async with asyncio.timeout(ANSWER_TIMEOUT):
                request = OffsetCommitRequest(group, -1, "", -1, list(topics.items()))
                response = await client.send(await client.coordinator_lookup(CoordinationType.GROUP, group), request)
        codes = {code for _, partitions in response.topics for _, code in partitions if code}
        if codes:
            raise KafkaFailure(", ".join(sorted(for_code(code).__name__ for code in codes)))

    async def close(self) -> None:
        """Stop reading, within `STOP_TIMEOUT`."""
        await _ended(self._consumer.stop())
        await _ended(self._consumer._client.close())
