"""Choice of the Kafka broker: `ZONE_KAFKA` = auto, apache, embedded, or HOST:PORT of one that runs already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars
from deploy.servers.apache_kafka import ApacheKafka
from deploy.servers.embedded_kafka import EmbeddedKafka
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from services.chassis.kafka.topics import cluster_ready

ANSWERS_WITHIN_S = 10.0


@dataclass
class ExistingKafka:
    """A cluster that somebody else runs."""

    bootstrap: str
    keeps_its_log = True

    async def start(self) -> None:
        """See that it answers. Raises Complaint."""
        if not await cluster_ready(self.bootstrap, timeout=ANSWERS_WITHIN_S):
            raise Complaint(f"No Kafka answers at {self.bootstrap} (ZONE_KAFKA): start it, or set ZONE_KAFKA=auto.")

    async def require_empty(self, topics: Iterable[str]) -> None:
        """See that nobody ever wrote to these topics: a fresh zone reads them from their start. Raises Complaint."""
        await self.start()
        _, there = await describe_log(self.bootstrap)
        partitions = [Partition(topic, number) for topic in topics for number in range(there.get(topic, 0))]
        if not partitions:
            return
        reader = await Reader.opened(self.bootstrap, dict.fromkeys(partitions, 0))
        try:
            ends = await reader.ends()
        finally:
            await reader.close()
        if written := sorted({partition.topic for partition, end in ends.items() if end}):
            raise Complaint(
                f"The Kafka at {self.bootstrap} (ZONE_KAFKA) still has events, which a fresh zone would apply again: "
                f"delete {', '.join(written)} there, then try again."
            )

    def stop(self) -> None:
        """Leave it running."""


Broker = ApacheKafka | EmbeddedKafka | ExistingKafka


@dataclass(frozen=True)
class Choice:
    """Which broker was taken, and why in a few words."""

    broker: Broker
    reason: str


def choose_broker(
    wish: str,
    folder: Path,
    jars: KafkaJars,
    topics: Mapping[str, int],
    *,
    port: int,
    log: Path,
    is_guarded: bool = False,
) -> Choice:
    """The broker that was wished for, not yet started.

    Args:
        wish: the value of `ZONE_KAFKA`.
        folder: where a broker of our own keeps what it needs.
        jars: apache Kafka's, present or to be fetched.
        topics: for a broker that cannot make them later.
        port: for a broker that lets us choose.
        is_guarded: whether one that can is to let in users alone.

    Raises:
        Complaint: the wish cannot be read, or Apache Kafka was asked for, or has the log, and cannot run here.
    """
    if ":" in wish:
        return Choice(ExistingKafka(wish), f"the one at {wish}, as ZONE_KAFKA says")
    if wish not in ("auto", "apache", "embedded"):
        raise Complaint(f"ZONE_KAFKA is {wish!r}: it must be auto, apache, embedded or HOST:PORT.")
    obstacle = None if wish == "embedded" else jars.obstacle()
    if wish == "apache" and obstacle:
        raise Complaint(f"Apache Kafka cannot run here: {obstacle}. Install that, or set ZONE_KAFKA=embedded.")
    if wish == "auto" and obstacle and (folder / "data").exists():
        raise Complaint(
            f"The zone's log in {folder} is Apache Kafka's, which cannot run here: {obstacle}. Install that; a zone "
            "without its log would publish nothing."
        )
    if wish == "embedded" or obstacle:
        reason = "embedded, in memory, " + ("as ZONE_KAFKA says" if wish == "embedded" else f"as {obstacle}")
        return Choice(EmbeddedKafka(folder, topics, log=log), reason)
    reason = "Apache Kafka, " + ("as ZONE_KAFKA says" if wish == "apache" else "as Java and its jars can be had")
    return Choice(ApacheKafka(folder, jars, port=port, log=log, is_guarded=is_guarded), reason)
