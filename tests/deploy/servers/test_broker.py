import asyncio
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.__main__ import command_line
from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.ports import free_port
from deploy.servers import broker
from deploy.servers.apache_kafka import ApacheKafka
from deploy.servers.broker import Choice, ExistingKafka, choose_broker
from deploy.servers.embedded_kafka import EmbeddedKafka
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.records import Record
from tests.conftest import NewTopic


class Jars(KafkaJars):
    """Jars that can be had, or not for this reason."""

    def __init__(self, folder: Path, reason: str | None) -> None:
        super().__init__(folder)
        self._reason = reason

    def obstacle(self) -> str | None:
        return self._reason


def chosen(wish: str, tmp_path: Path, obstacle: str | None = None) -> Choice:
    return choose_broker(wish, tmp_path, Jars(tmp_path / "lib", obstacle), {}, port=1, log=tmp_path / "log")


def test_auto_takes_apache_kafka_where_it_can_be_had_and_says_so(tmp_path: Path) -> None:
    choice = chosen("auto", tmp_path)
    assert (type(choice.broker), choice.reason) == (ApacheKafka, "Apache Kafka, as Java and its jars can be had")


def test_auto_takes_the_embedded_broker_elsewhere_and_says_why(tmp_path: Path) -> None:
    choice = chosen("auto", tmp_path, "Java 17 or newer is not on PATH")
    assert type(choice.broker) is EmbeddedKafka
    assert choice.reason == "embedded, in memory, as Java 17 or newer is not on PATH"


def test_a_zone_whose_log_is_apache_kafkas_does_not_begin_without_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(Complaint, match=r"is Apache Kafka's, which cannot run here: no Java\. Install that"):
        chosen("auto", tmp_path, "no Java")


def test_the_embedded_broker_is_taken_where_it_is_wished_for(tmp_path: Path) -> None:
    assert type(chosen("embedded", tmp_path).broker) is EmbeddedKafka


def test_apache_kafka_that_cannot_run_here_is_a_problem_where_it_is_wished_for(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match=r"Apache Kafka cannot run here: no Java\. Install that, or set ZONE_KAFKA"):
        chosen("apache", tmp_path, "no Java")


def test_an_address_means_the_broker_that_runs_there(tmp_path: Path) -> None:
    assert chosen("kafka.example:9092", tmp_path).broker == ExistingKafka("kafka.example:9092")


def test_any_other_wish_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="it must be auto, apache, embedded or HOST:PORT"):
        chosen("rabbit", tmp_path)


async def test_an_existing_broker_that_does_not_answer_is_a_problem() -> None:
    with pytest.raises(Complaint, match="No Kafka answers at"):
        await ExistingKafka(f"127.0.0.1:{free_port()}").start()


async def test_whoever_accepts_and_never_answers_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "ANSWERS_WITHIN_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(Complaint, match="No Kafka answers at"):
        await ExistingKafka(f"127.0.0.1:{mute.getsockname()[1]}").start()


async def test_an_existing_broker_that_answers_is_taken_and_left_running(kafka_bootstrap: str) -> None:
    existing = ExistingKafka(kafka_bootstrap)
    await existing.start()
    existing.stop()
    await existing.start()


async def write(bootstrap: str, topic: str) -> None:
    producer = await Producer.started(bootstrap)
    await producer.send([Record(topic, b"biz_1", b"{}", ())])
    await producer.close()


async def test_a_fresh_zone_is_refused_where_a_broker_of_others_still_has_its_events(
    kafka_bootstrap: str, new_topic: NewTopic
) -> None:
    empty, written = await new_topic(), await new_topic()
    existing = ExistingKafka(kafka_bootstrap)
    await existing.require_empty([empty, written, "zone.absent"])
    await existing.require_empty(["zone.absent"])
    await write(kafka_bootstrap, written)
    with pytest.raises(Complaint, match=f"would apply again.*: delete {written} there"):
        await existing.require_empty([empty, written])


def test_up_with_fresh_removes_nothing_where_the_events_would_stay(
    kafka_bootstrap: str, new_topic: NewTopic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def written() -> str:
        topic = await new_topic()
        await write(kafka_bootstrap, topic)
        return topic

    topic = asyncio.run(written())
    data = tmp_path / "mongo"
    data.mkdir()
    monkeypatch.setenv("ZONE_FOLDER", str(tmp_path))
    monkeypatch.setenv("ZONE_KAFKA", kafka_bootstrap)
    monkeypatch.setattr("deploy.commands.up.zone_topics", lambda: {topic: 12})
    with pytest.raises(Complaint, match=f"delete {topic} there"):
        CliRunner().invoke(command_line(["up"]), ["up", "--fresh"], catch_exceptions=False)
    assert data.exists()
