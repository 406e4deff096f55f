"""What every part that speaks to Kafka shares: the admin client, time limits, and three kinds of failure."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    OffsetOutOfRangeError,
    RecordListTooLargeError,
)
from aiokafka.protocol.metadata import MetadataRequest

# aiokafka writes a line for every attempt of an outage; who uses it here says once what matters.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Brokers:
    """Which cluster, and as whom: by SASL/SCRAM-SHA-512 (RFC 5802, RFC 7677).

    Args:
        bootstrap: `HOST:PORT[,…]`.
    """

    bootstrap: str
    username: str
    password: str = field(repr=False)


Bootstrap = str | Brokers
"""`HOST:PORT[,…]` of brokers that let everybody in, or those and a login."""


def connection_to(bootstrap: Bootstrap) -> dict[str, Any]:
    """What every client is told of where and as whom it connects."""
    if isinstance(bootstrap, str):
        return {"bootstrap_servers": bootstrap}
    return {
        "bootstrap_servers": bootstrap.bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": bootstrap.username,
        "sasl_plain_password": bootstrap.password,
    }


START_TIMEOUT, SEND_TIMEOUT, ANSWER_TIMEOUT, STOP_TIMEOUT = 10, 15, 5, 3
"""Seconds. Nothing here may hang: aiokafka by itself waits for ever in most of these."""


async def partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """The topics of the cluster, the broker's internal ones left out, with their number of partitions."""
    return {
        topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics() if not topic["is_internal"]
    }


@asynccontextmanager
async def admin_client(bootstrap: Bootstrap) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client, closed at the end. Raises KafkaError, OSError where no broker can be reached."""
    admin = AIOKafkaAdminClient(**connection_to(bootstrap), request_timeout_ms=10_000)
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
def failures_told() -> Iterator[None]:
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


async def ended(closing: Coroutine[Any, Any, None]) -> None:
    """Let something end within `STOP_TIMEOUT`, in its own task: aiokafka lets the cancellation of its parts out."""
    task = asyncio.create_task(closing)
    _, late = await asyncio.wait([task], timeout=STOP_TIMEOUT)
    if late:
        task.cancel()
    elif not task.cancelled():
        task.exception()  # there is nobody whom it could help


async def describe_log(bootstrap: Bootstrap) -> tuple[str, dict[str, int]]:
    """The cluster's id, and its topics with their number of partitions. Raises KafkaFailure."""
    with failures_told():
        async with asyncio.timeout(START_TIMEOUT), admin_client(bootstrap) as admin:
            cluster = await admin.describe_cluster()
            return str(cluster["cluster_id"]), await partition_counts(admin)


async def cluster_id_of(client: AIOKafkaClient) -> str:
    """Names the log itself: an in-memory broker that was started again has another one."""
    with failures_told():
        async with asyncio.timeout(ANSWER_TIMEOUT):
            response = await client.send(client.get_random_node(), MetadataRequest([]))
            return str(response.cluster_id)
