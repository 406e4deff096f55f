"""Apache Kafka from its own jars, where this machine has a Java for it."""

import asyncio
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars, java_obstacle
from deploy.machine.ports import free_port
from deploy.servers.apache_kafka import ApacheKafka, new_cluster_id
from deploy.servers.mock_cluster import MockCluster
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.topics import create_topics
from tests.deploy.container_health import says_it_is_ready


@pytest.mark.server
async def test_the_log_and_the_cluster_id_survive_a_kill_and_a_start_on_another_port(
    tmp_path: Path, kafka_jars: KafkaJars
) -> None:
    if reason := kafka_jars.obstacle():
        pytest.skip(f"no Apache Kafka here: {reason}")

    def broker() -> ApacheKafka:
        return ApacheKafka(tmp_path / "kafka", kafka_jars, port=free_port(), log=tmp_path / "kafka.log")

    async with broker() as first:
        assert await asyncio.to_thread(says_it_is_ready, "kafka", first.port)
        assert await create_topics(first.bootstrap, ["numbers"], 3, {"retention.ms": "-1"}) == ["numbers"]
        async with AIOKafkaProducer(bootstrap_servers=first.bootstrap, acks="all") as producer:
            await producer.send_and_wait("numbers", b"one", partition=0)
        cluster = first.cluster_id
        first.kill()
    async with broker() as second:
        assert (await describe_log(second.bootstrap))[1] == {"numbers": 3}
        assert await first_record(second.bootstrap) == b"one"
        assert second.cluster_id == cluster is not None


async def test_a_broker_that_had_the_port_first_is_not_taken_for_ours(
    tmp_path: Path, kafka_jars: KafkaJars, mock_cluster: MockCluster
) -> None:
    port = int(mock_cluster.bootstrap.rpartition(":")[2])
    ours = ApacheKafka(tmp_path, kafka_jars, port=port, log=tmp_path / "kafka.log")
    (tmp_path / "data").mkdir()
    for cluster, is_ours in ((new_cluster_id(), False), ((await describe_log(mock_cluster.bootstrap))[0], True)):
        (tmp_path / "data" / "meta.properties").write_text(f"version=1\ncluster.id={cluster}\n")
        assert await ours.is_ready() is is_ours


@pytest.fixture
def mock_cluster(server_starts: None) -> Iterator[MockCluster]:
    with MockCluster({}) as cluster:
        yield cluster


async def first_record(bootstrap: str) -> bytes | None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    async with consumer, asyncio.timeout(20):
        consumer.assign([TopicPartition("numbers", 0)])
        await consumer.seek_to_beginning()
        record = await consumer.getone()
        value: bytes | None = record.value
        return value


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("java.net.BindException: Address already in use", "port is taken"),
        ("java.io.IOException: No space left on device", "disk is full"),
        ("Failed to acquire lock on file .lock in data. A Kafka instance", "Another Kafka uses"),
        ("java.lang.OutOfMemoryError: Java heap space", "out of memory"),
        ("Error: Unable to initialize main class kafka.Kafka\nCaused by: java.lang.NoClassDefFoundError: x", "A jar"),
        (
            "node ID not found in data\n at kafka.server.KafkaRaftServer$.initializeLogDirs(KafkaRaftServer.scala)",
            "damaged",
        ),
    ],
)
def test_what_kafka_says_at_its_end_becomes_a_sentence(tmp_path: Path, lines: str, words: str) -> None:
    broker = ApacheKafka(tmp_path, KafkaJars(tmp_path / "lib"), port=1, log=tmp_path / "log")
    assert words in (broker.explain(lines) or "")


def test_a_cluster_id_never_looks_like_an_option() -> None:
    assert not any(new_cluster_id().startswith("-") for _ in range(500))


def fake(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def jar(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kafka/Kafka.class", b"\xca\xfe\xba\xbe")
    return path


def maven_with(found: Path, after: Path | None = None) -> str:
    """A Maven that copies this jar, and another one where it is told to keep its own copies elsewhere."""
    return f"""
taken={found}
for word; do case $word in
    -DoutputDirectory=*) folder=${{word#*=}} ;;
    -Dmaven.repo.local=*) taken={after or found}; mkdir "${{word#*=}}" ;;
esac; done
mkdir "$folder"; cp "$taken" "$folder/kafka.jar"
"""


@pytest.mark.parametrize(
    ("version", "obstacle"),
    [
        ('openjdk version "17.0.15" 2025-04-15', None),
        ('openjdk version "21-ea"', None),
        ('java version "1.8.0_292"', "Java 8 is too old, it needs 17 or newer"),
    ],
)
def test_java_is_judged_by_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, obstacle: str | None
) -> None:
    fake(tmp_path, "java", f"echo '{version}' >&2")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert java_obstacle() == obstacle


def test_a_machine_without_java_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java_obstacle() == "Java 17 or newer is not on PATH"


def test_jars_need_maven_only_as_long_as_they_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "java", "echo 'version \"17.0.1\"' >&2")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    jars = KafkaJars(tmp_path / "kafka" / "lib")
    assert jars.obstacle() == "Maven, which fetches its jars, is not on PATH"
    fake(tmp_path, "mvn", maven_with(jar(tmp_path / "sound")))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    jars.fetch()
    (tmp_path / "mvn").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert jars.obstacle() is None


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A jar of which the second half is not there."""
    whole = jar(tmp_path / "half").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    return tmp_path / "half"


@pytest.fixture
def jars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KafkaJars:
    fake(tmp_path, "java", "echo 'version \"17.0.1\"' >&2")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return KafkaJars(tmp_path / "kafka" / "lib")


def test_half_a_jar_is_fetched_again(tmp_path: Path, jars: KafkaJars, half: Path) -> None:
    fake(tmp_path, "mvn", maven_with(jar(tmp_path / "sound")))
    jars.fetch()
    shutil.copy(half, jars.folder / "kafka.jar")
    assert (jars.present, jars.damaged) == (False, ["kafka.jar"])
    jars.fetch()
    assert (jars.present, jars.damaged) == (True, [])


def test_half_a_jar_that_maven_keeps_is_fetched_past_its_own_copies(
    tmp_path: Path, jars: KafkaJars, half: Path
) -> None:
    fake(tmp_path, "mvn", maven_with(half, after=jar(tmp_path / "sound")))
    jars.fetch()
    assert (jars.present, {path.name for path in jars.folder.parent.iterdir()}) == (True, {"lib", "lib.turn"})


def test_half_a_jar_that_comes_back_as_half_is_named(tmp_path: Path, jars: KafkaJars, half: Path) -> None:
    fake(tmp_path, "mvn", maven_with(half))
    with pytest.raises(Complaint, match=r"Maven gives kafka\.jar damaged"):
        jars.fetch()
    assert not jars.present


def test_half_a_jar_without_maven_is_the_reason_that_is_given(
    tmp_path: Path, jars: KafkaJars, half: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, "mvn", maven_with(jar(tmp_path / "sound")))
    jars.fetch()
    shutil.copy(half, jars.folder / "kafka.jar")
    (tmp_path / "mvn").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert re.fullmatch(r"kafka\.jar in .* is damaged, and Maven, .*, is not on PATH", jars.obstacle() or "")


def test_a_fetch_that_fails_shows_what_maven_said_and_leaves_no_half_done_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, "mvn", "echo 'could not resolve kafka'; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    jars = KafkaJars(tmp_path / "kafka" / "lib")
    with pytest.raises(Complaint, match="Maven cannot fetch Apache Kafka") as caught:
        jars.fetch()
    assert (caught.value.details, jars.present) == ("could not resolve kafka", False)
