"""Topics of a cluster: whether it can be used, and how topics are made."""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka.admin import NewTopic
from aiokafka.errors import (
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)

from services.chassis.kafka.client import Bootstrap, admin_client, failures_told, partition_counts

PROBE_GROUP = "zone.probe"


async def cluster_ready(bootstrap: Bootstrap, *, timeout: float = 5.0) -> bool:
    """Whether the cluster can be used: metadata *and* group coordinator answer within `timeout` seconds.

    A broker lists itself some time before it can serve a group; waiting for the metadata alone is a race.
    """
    try:
        async with asyncio.timeout(timeout), admin_client(bootstrap) as admin:
            cluster = await admin.describe_cluster()
            return bool(cluster["brokers"]) and await admin.find_coordinator(PROBE_GROUP) >= 0
    except (KafkaError, OSError, TimeoutError, ValueError, OverflowError):  # the last two: no address at all
        return False


async def create_topics(
    bootstrap: Bootstrap,
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
        KafkaFailure: the cluster refused, or did not answer within `timeout` seconds.
    """
    wanted = sorted(set(topics))
    with failures_told():
        async with asyncio.timeout(timeout), admin_client(bootstrap) as admin:
            present = await partition_counts(admin)
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
            while not set(missing) <= {name for name, n in (await partition_counts(admin)).items() if n == partitions}:
                await asyncio.sleep(0.05)
            return missing
