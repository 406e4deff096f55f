from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.complaint import Complaint
from deploy.servers import topics
from deploy.servers.topics import create_zone_topics, zone_topics
from services.chassis.kafka.client import KafkaFailure, describe_log


def test_every_topic_of_the_zone_has_twelve_partitions() -> None:
    assert zone_topics() == dict.fromkeys(
        [
            "zone.gateway.dead-letters",
            "zone.gateway.partners",
            "zone.incubator.applications",
            "zone.incubator.books",
            "zone.incubator.dead-letters",
            "zone.incubator.meters",
            "zone.incubator.postings",
            "zone.incubator.reservations",
            "zone.incubator.rounds",
            "zone.incubator.sites",
            "zone.incubator.tenants",
            "zone.metrics.alerts",
            "zone.metrics.dead-letters",
            "zone.registry.businesses",
            "zone.registry.dead-letters",
            "zone.registry.filings",
        ],
        12,
    )


async def test_creating_the_topics_again_changes_nothing(kafka_bootstrap: str) -> None:
    _, before = await describe_log(kafka_bootstrap)
    assert await create_zone_topics(kafka_bootstrap) == []
    _, after = await describe_log(kafka_bootstrap)
    assert after.items() >= before.items()


async def test_the_log_is_kept_for_ever(kafka_bootstrap: str, broker_keeps_its_log: bool) -> None:
    if not broker_keeps_its_log:
        pytest.skip("the embedded broker has no retention")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        topic = ConfigResource(ConfigResourceType.TOPIC, "zone.registry.businesses")
        [answer] = await admin.describe_configs([topic])
    finally:
        await admin.close()
    settings = {name: value for name, value, *_ in answer.resources[0][4]}
    assert (settings["retention.ms"], settings["retention.bytes"]) == ("-1", "-1")


@pytest.mark.parametrize(("replication", "in_sync"), [(1, None), (2, None), (3, "2"), (5, "2")])
async def test_on_a_cluster_a_record_is_in_two_copies_before_it_is_acknowledged(
    replication: int, in_sync: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Any] = {}

    async def create(bootstrap: str, names: Any, partitions: int, config: Any, *, replication: int) -> list[str]:
        made.update(config, replication=replication)
        return []

    monkeypatch.setattr(topics, "create_topics", create)
    await create_zone_topics("kafka.example:9092", replication=replication)
    assert (made["replication"], made.get("min.insync.replicas")) == (replication, in_sync)
    assert (made["retention.ms"], made["retention.bytes"]) == ("-1", "-1")


@pytest.mark.parametrize("failure", [KafkaFailure("InvalidReplicationFactorError"), ValueError("12 partitions")])
async def test_what_a_cluster_refuses_is_said(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object, **__: object) -> list[str]:
        raise failure

    monkeypatch.setattr(topics, "create_topics", refuse)
    with pytest.raises(Complaint, match=rf"^The topics cannot be created at kafka\.example:9092: {failure}\.$"):
        await create_zone_topics("kafka.example:9092")
