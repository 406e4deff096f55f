"""The two brokers of the fault suite, and what each of them can suffer."""

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Protocol

from deploy.complaint import Complaint
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.ports import lasting_port
from deploy.machine.watchman import Watchman
from deploy.servers.apache_kafka import ApacheKafka
from deploy.servers.mock_cluster import MockCluster
from deploy.servers.topics import CONFIGURATION, PARTITIONS
from services.chassis.kafka.topics import create_topics

PRODUCE, FETCH = 0, 1
NOT_LEADER, NOT_ENOUGH_REPLICAS, TIMED_OUT, CLOSED = 6, 19, 7, -195
"""Error codes of the Kafka protocol; the last one is librdkafka's for a connection that is closed instead."""


class Broker(Protocol):
    """One broker with the zone's topics."""

    kind: str

    @property
    def bootstrap(self) -> str:
        """`host:port`, after the start."""
        ...

    async def start(self) -> None:
        """Start it, or start it again, with its topics."""
        ...

    def end(self) -> None:
        """End it for good."""
        ...

    async def wipe(self) -> None:
        """Lose the log, and come back as another, empty cluster."""
        ...

    def go_away(self) -> None:
        """As after kill -9, until `come_back`."""
        ...

    async def come_back(self) -> None: ...


def kind_of_broker(wish: str, jars: KafkaJars) -> str:
    """`apache` or `embedded`, as `ZONE_KAFKA` wishes. Raises Complaint: a run needs a broker of its own."""
    if wish == "auto":
        return "embedded" if jars.obstacle() else "apache"
    if wish not in ("apache", "embedded"):
        raise Complaint(f"ZONE_KAFKA is {wish!r}: the broker of this run must be its own, apache or embedded.")
    return wish


class Apache:
    """A real broker, which is really killed."""

    kind = "apache"

    def __init__(self, folder: Path, jars: KafkaJars, topics: Sequence[str], watchman: Watchman) -> None:
        if obstacle := jars.obstacle():
            raise Complaint(f"Apache Kafka cannot run here: {obstacle}. Set ZONE_KAFKA=embedded.")
        self._folder, self._topics = folder, topics
        self.server = ApacheKafka(folder, jars, port=lasting_port(), log=folder.with_name("logs") / "kafka.log")
        self.server.process.watchman = watchman

    @property
    def bootstrap(self) -> str:
        return self.server.bootstrap

    async def start(self) -> None:
        await self.server.start()
        await create_topics(self.bootstrap, self._topics, PARTITIONS, CONFIGURATION)

    def end(self) -> None:
        self.server.kill()

    async def wipe(self) -> None:
        self.server.kill()
        rmtree(self._folder / "data")
        await self.start()

    def go_away(self) -> None:
        self.server.kill()

    async def come_back(self) -> None:
        await self.server.start()

    def pause(self) -> None:
        """SIGSTOP: it holds its connections and says nothing."""
        self.server.process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.server.process.signal(signal.SIGCONT)


class Embedded:
    """librdkafka's broker in this process, which fails by kind of request."""

    kind = "embedded"

    def __init__(self, topics: Mapping[str, int]) -> None:
        self._topics = topics
        self._cluster: MockCluster | None = None
        self._wiped: list[MockCluster] = []

    @property
    def cluster(self) -> MockCluster:
        assert self._cluster is not None, "started first"
        return self._cluster

    @property
    def bootstrap(self) -> str:
        return self.cluster.bootstrap

    async def start(self) -> None:
        self._cluster = MockCluster(self._topics)

    def end(self) -> None:
        for each in [*self._wiped, *([self._cluster] if self._cluster else [])]:
            each.close()
        self._wiped, self._cluster = [], None

    async def wipe(self) -> None:
        """The old one is kept to the end: its id is its address in memory, and no later one may have that again."""
        self.cluster.set_down()
        self._wiped.append(self.cluster)
        self._cluster = MockCluster(self._topics)

    def go_away(self) -> None:
        self.cluster.set_down()

    async def come_back(self) -> None:
        self.cluster.set_up()

    def refuse(self, kind_of_request: int, errors: Sequence[int]) -> None:
        """Answer the next requests of one kind with these errors."""
        self.cluster.fail_next(kind_of_request, errors)

    def refuse_no_more(self, kind_of_request: int) -> None:
        self.cluster.fail_no_more(kind_of_request)
