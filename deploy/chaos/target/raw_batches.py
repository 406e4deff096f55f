"""Record batches written byte by byte, past every producer: what a broker takes and no service of the zone writes."""

import asyncio
import struct
from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode
from aiokafka.errors import for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from services.chassis.kafka.client import SEND_TIMEOUT, ended, failures_told
from services.chassis.kafka.records import Partition, Record

FORMAT, BATCH_BYTES, NOBODY = 2, 4 * 1024 * 1024, -1
CRC_AT, CRC_FROM = 17, 21
"""Where the checksum stands in a batch, and from where on it covers it."""
HEADER_BYTES, LENGTH_ENDS = 61, 12
CODECS = {1: gzip_encode, 2: snappy_encode, 3: lz4_encode, 4: zstd_encode}
ALL_REPLICAS, TIMEOUT_MS = -1, 10_000


def batch_of(*records: Record, at: Sequence[int] | None = None) -> bytes:
    """Records as one batch; `at`: offsets within it other than 0, 1, 2, …"""
    builder = DefaultRecordBatchBuilder(FORMAT, 0, 0, NOBODY, NOBODY, NOBODY, BATCH_BYTES)
    for number, record in zip(at or range(len(records)), records, strict=True):
        builder.append(
            number,
            timestamp=0,
            key=record.key,
            value=record.value,
            headers=[(name, raw) for name, raw in record.headers],
        )
    return bytes(builder.build())


def sealed(batch: bytes) -> bytes:
    """A batch that was changed, with a checksum that is right again."""
    return batch[:CRC_AT] + struct.pack(">I", calc_crc32c(batch[CRC_FROM:])) + batch[CRC_FROM:]


def packed(batch: bytes, codec: int) -> bytes:
    """A batch whose records are compressed by a codec of that number, as a topic's `compression.type` would have it."""
    payload = bytes(CODECS[codec](batch[HEADER_BYTES:]))
    length = struct.pack(">i", HEADER_BYTES - LENGTH_ENDS + len(payload))
    head = batch[:8] + length + batch[LENGTH_ENDS:CRC_FROM] + struct.pack(">h", codec) + batch[CRC_FROM + 2 :]
    return sealed(head[:HEADER_BYTES] + payload)


async def write(bootstrap: str, place: Partition, batch: bytes) -> int:
    """Have the leader of a partition append a batch. Returns its first offset; raises KafkaFailure."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    try:
        with failures_told():
            async with asyncio.timeout(SEND_TIMEOUT):
                await client.bootstrap()
                await client.set_topics([place.topic])
                leader = client.cluster.leader_for_partition(TopicPartition(*place))
                request = ProduceRequest(None, ALL_REPLICAS, TIMEOUT_MS, [(place.topic, [(place.number, batch)])])
                answer = await client.send(leader, request)
                ((_, ((_, code, offset, *_),)),) = answer.topics
                if code:
                    raise for_code(code)(f"the broker refused a batch for {place}")
                return int(offset)
    finally:
        await ended(client.close())
