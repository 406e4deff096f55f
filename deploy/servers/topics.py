"""The zone's Kafka topics: the deployment makes them, nobody else does."""

from deploy.complaint import Complaint
from deploy.services import WITH_GATEWAY, contracts
from services.chassis.consuming.group import group_of
from services.chassis.domain.events import Topic
from services.chassis.kafka.client import KafkaFailure
from services.chassis.kafka.topics import create_topics

PARTITIONS = 12
"""Of every topic, so that all are co-partitioned; never changed in place."""

CONFIGURATION = {"retention.ms": "-1", "retention.bytes": "-1"}
"""The log feeds rebuilds: it is kept for ever."""


def zone_topics() -> dict[str, int]:
    """Name and number of partitions of every topic: those that contracts declare, and the dead letters."""
    names = {f"{group_of(service)}.dead-letters" for service in WITH_GATEWAY} | {each.name for each in event_topics()}
    return dict.fromkeys(sorted(names), PARTITIONS)


def event_topics() -> list[Topic]:
    """Every topic that contracts declare, by its name."""
    found = {thing for contract in contracts() for thing in vars(contract).values() if isinstance(thing, Topic)}
    return sorted(found, key=lambda topic: topic.name)


async def create_zone_topics(bootstrap: str, *, replication: int = 1) -> list[str]:
    """Create what is missing. Returns the names of the new ones.

    Args:
        replication: copies of each; of three and more, two must have a record before it is acknowledged.

    Raises:
        Complaint: the cluster refused or did not answer, or has one of them with other partitions.
    """
    config = CONFIGURATION | ({"min.insync.replicas": "2"} if replication >= 3 else {})
    try:
        return await create_topics(bootstrap, zone_topics(), PARTITIONS, config, replication=replication)
    except (ValueError, KafkaFailure) as error:
        raise Complaint(f"The topics cannot be created at {bootstrap}: {error}.") from error
