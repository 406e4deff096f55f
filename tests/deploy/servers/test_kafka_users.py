"""A guarded Apache Kafka: who may write which topic and read which, and who may not even come in."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.commands.topics import topics
from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.ports import lasting_port
from deploy.machine.secret_files import kafka_password_file
from deploy.servers.apache_kafka import ApacheKafka
from deploy.servers.kafka_users import make_users, rights_of
from deploy.servers.topics import create_zone_topics
from deploy.services import WITH_GATEWAY, assembled
from services.chassis.kafka.client import Bootstrap, Brokers, KafkaFailure, describe_log
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record

OWN, ANOTHERS, LETTERS = "zone.registry.businesses", "zone.incubator.tenants", "zone.registry.dead-letters"
PASSWORDS = {name: f"synthetic password of {name}" for name in WITH_GATEWAY}


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, kafka_jars: KafkaJars, server_starts: None
) -> Iterator[ApacheKafka]:
    """With the zone's topics and users."""
    if obstacle := kafka_jars.obstacle():
        pytest.skip(obstacle)
    folder = tmp_path_factory.mktemp("kafka")
    broker = ApacheKafka(folder, kafka_jars, port=lasting_port(), log=folder / "log", is_guarded=True)
    asyncio.run(broker.start())
    asyncio.run(create_zone_topics(broker.inside))
    make_users(broker.inside, PASSWORDS)
    asyncio.run(known(broker))
    yield broker
    broker.stop()


async def known(broker: ApacheKafka) -> None:
    """Wait until the broker lets its users in: it takes them over from its metadata log, some moments after."""
    async with asyncio.timeout(60):
        for name in PASSWORDS:
            while True:
                try:
                    await (await Producer.started(user(broker, name))).close()
                    break
                except KafkaFailure:
                    await asyncio.sleep(0.2)


def user(broker: ApacheKafka, name: str) -> Brokers:
    return Brokers(broker.bootstrap, name, PASSWORDS[name])


async def write(who: Bootstrap, topic: str) -> None:
    producer = await Producer.started(who)
    try:
        await producer.send([Record(topic, b"key", b"value", ())])
    finally:
        await producer.close()


async def read(who: Bootstrap, topic: str) -> list[Record]:
    reader = await Reader.opened(who, {Partition(topic, number): 0 for number in range(12)})
    try:
        return await reader.poll(10, 5.0)
    finally:
        await reader.close()


async def test_a_service_writes_its_own_topics_and_its_dead_letters(guarded: ApacheKafka) -> None:
    for topic in (OWN, LETTERS):
        await write(user(guarded, "registry"), topic)


async def test_a_service_writes_no_topic_of_another(guarded: ApacheKafka) -> None:
    with pytest.raises(KafkaFailure, match="TopicAuthorizationFailed"):
        await write(user(guarded, "registry"), ANOTHERS)


async def test_a_service_reads_what_it_hears_and_tells_its_positions(guarded: ApacheKafka) -> None:
    await write(user(guarded, "registry"), OWN)
    assert await read(user(guarded, "metrics"), OWN)
    reader = await Reader.opened(user(guarded, "metrics"), {Partition(OWN, 0): 0})
    await reader.tell("zone.metrics", {Partition(OWN, 0): 0})
    await reader.ends()
    await reader.close()


async def test_a_service_tells_no_positions_of_another(guarded: ApacheKafka) -> None:
    reader = await Reader.opened(user(guarded, "metrics"), {Partition(OWN, 0): 0})
    try:
        with pytest.raises(KafkaFailure, match="GroupAuthorizationFailed"):
            await reader.tell("zone.incubator", {Partition(OWN, 0): 7})
    finally:
        await reader.close()


async def test_a_service_does_not_see_what_it_does_not_hear(guarded: ApacheKafka) -> None:
    own = {"registry": {"zone.registry.businesses", "zone.registry.filings", LETTERS}}
    own["metrics"] = {"zone.metrics.alerts", "zone.metrics.dead-letters"}
    for service, its in own.items():
        _, seen = await describe_log(user(guarded, service))
        heard = assembled(service).handlers
        assert heard is not None
        assert seen.keys() == {*heard.topics, *its}


@pytest.mark.parametrize("password", ["another", ""])
async def test_nobody_comes_in_without_the_right_password(guarded: ApacheKafka, password: str) -> None:
    with pytest.raises(KafkaFailure):
        await describe_log(Brokers(guarded.bootstrap, "registry", password))


async def test_nobody_comes_in_without_a_name(guarded: ApacheKafka) -> None:
    with pytest.raises(KafkaFailure):
        await describe_log(guarded.bootstrap)


async def test_users_may_be_made_again_with_another_password(guarded: ApacheKafka) -> None:
    make_users(guarded.inside, {**PASSWORDS, "gateway": "a new synthetic password"})
    await write(Brokers(guarded.bootstrap, "gateway", "a new synthetic password"), "zone.gateway.partners")
    with pytest.raises(KafkaFailure):
        await write(user(guarded, "gateway"), "zone.gateway.partners")
    make_users(guarded.inside, PASSWORDS)


def test_every_right_is_one_services_and_none_is_over_everything() -> None:
    for service in WITH_GATEWAY:
        rights = list(rights_of(service))
        assert {right.principal for right in rights} == {f"User:{service}"}
        assert [right.name for right in rights if right.name == "*"] == []


def test_the_command_line_makes_topics_and_users_with_the_passwords_that_init_made(
    guarded: ApacheKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZONE_SECRETS_DIR", str(tmp_path))
    for name in WITH_GATEWAY:
        (tmp_path / kafka_password_file(name)).write_text(f"of a file, {name}")
    topics(bootstrap=guarded.inside, users=True)
    asyncio.run(write(Brokers(guarded.bootstrap, "registry", "of a file, registry"), OWN))
    make_users(guarded.inside, PASSWORDS)


def test_without_the_passwords_it_says_who_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONE_SECRETS_DIR", str(tmp_path))
    with pytest.raises(Complaint, match=r"make it with \./zone init"):
        topics(bootstrap="127.0.0.1:1", users=True)
