"""A Kafka consumer outside of the group protocol: it reads given partitions, from given positions on."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import CoordinationType
from aiokafka.consumer import fetcher
from aiokafka.errors import (
    for_code,
)
from aiokafka.protocol.commit import OffsetCommitRequest

from services.chassis.kafka.batches import Batches
from services.chassis.kafka.client import (
    ANSWER_TIMEOUT,
    START_TIMEOUT,
    Bootstrap,
    KafkaFailure,
    cluster_id_of,
    connection_to,
    ended,
    failures_told,
)
from services.chassis.kafka.records import Partition, Record

fetcher.MemoryRecords = Batches  # its own gives up every partition at the first byte that it cannot read


def as_records(key: bytes | None) -> bytes | None:
    """By this aiokafka knows a consumer of ours; other consumers in this process get records of aiokafka's own."""
    return key


class PartitionRecords(fetcher.PartitionRecords):  # type: ignore[misc]  # of a library without types
    """What was fetched of a partition, as records of ours: aiokafka's have twice as many members, for nothing."""

    def _consumer_record(self, tp: TopicPartition, record: Any) -> Any:
        if self._key_deserializer is not as_records:
            return super()._consumer_record(tp, record)
        headers = tuple(record.headers)
        return Record(tp.topic, record.key, record.value, headers, tp.partition, record.offset, record.checksum or "")


fetcher.PartitionRecords = PartitionRecords

EMPTY_FETCH_MS = 100
"""How long a broker may hold an empty fetch. The real one answers at once, an in-memory one waits that long."""


class Reader:
    """Reads given partitions from given positions. Another assignment is another reader: nothing old can linger."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    @classmethod
    async def opened(cls, bootstrap: Bootstrap, positions: Mapping[Partition, int]) -> "Reader":
        """Raises KafkaFailure."""
        reader = cls(
            AIOKafkaConsumer(
                **connection_to(bootstrap),
                key_deserializer=as_records,
                enable_auto_commit=False,
                auto_offset_reset="none",  # 'earliest' silently skips over a truncated log
                fetch_max_wait_ms=EMPTY_FETCH_MS,
                request_timeout_ms=10_000,
            )
        )
        try:
            with failures_told():
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
        return await cluster_id_of(self._consumer._client)

    async def poll(self, at_most: int, timeout: float) -> list[Record]:
        """The next records, in the order of each partition; none after `timeout` seconds without any.

        What cannot be read as a record is among them, with its `fault`.

        Raises:
            LogTruncated: a position is no longer in the log.
            KafkaFailure: anything else.
        """
        with failures_told():
            found = await self._consumer.getmany(timeout_ms=int(timeout * 1000), max_records=at_most)
        return [record for records in found.values() for record in records]

    async def ends(self) -> dict[Partition, int]:
        """Where each partition's log ends. Raises KafkaFailure."""
        with failures_told():
            async with asyncio.timeout(ANSWER_TIMEOUT):
                ends = await self._consumer.end_offsets(self._consumer.assignment())
        return {Partition(*partition): end for partition, end in ends.items()}

    async def begins(self) -> dict[Partition, int]:
        """Where each partition's log begins: 0, unless it was cut. Raises KafkaFailure."""
        with failures_told():
            async with asyncio.timeout(ANSWER_TIMEOUT):
                begins = await self._consumer.beginning_offsets(self._consumer.assignment())
        return {Partition(*partition): begin for partition, begin in begins.items()}

    async def tell(self, group: str, positions: Mapping[Partition, int]) -> None:
        """Commit positions under the group's name, for lag tools and autoscalers; nobody here reads them.

        Sent as a consumer outside the group protocol does (no generation, no member), which a broker takes
        while nobody has joined that group. Raises KafkaFailure.
        """
        topics: dict[str, list[tuple[int, int, str]]] = {}
        for (topic, number), offset in positions.items():
            topics.setdefault(topic, []).append((number, offset, ""))
        client = self._consumer._client
        with failures_told():
            async with asyncio.timeout(ANSWER_TIMEOUT):
                request = OffsetCommitRequest(group, -1, "", -1, list(topics.items()))
                response = await client.send(await client.coordinator_lookup(CoordinationType.GROUP, group), request)
        codes = {code for _, partitions in response.topics for _, code in partitions if code}
        if codes:
            raise KafkaFailure(", ".join(sorted(for_code(code).__name__ for code in codes)))

    async def close(self) -> None:
        """Stop reading, within `STOP_TIMEOUT`."""
        await ended(self._consumer.stop())
        await ended(self._consumer._client.close())
