"""The embedded Kafka broker: librdkafka's in-memory cluster in a small process of its own.

    python -m deploy.servers.embedded_kafka --address-file FILE --topic NAME:PARTITIONS [--topic …]

Its log is gone when it stops; the services refill it from their outboxes.
"""

import argparse
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.machine.logs.line import line_now
from deploy.machine.processes import Process
from deploy.machine.server import Server
from deploy.machine.zone_folder import ROOT
from deploy.servers.mock_cluster import MockCluster
from services.chassis.kafka.topics import cluster_ready


class EmbeddedKafka(Server):
    """One in-memory broker. It chooses its port itself, so `bootstrap` is known only after the start.

    Args:
        folder: where it leaves its address for the launcher.
        topics: name and number of partitions of every topic: they are made at its start and at no other time.
    """

    keeps_its_log = False

    def __init__(self, folder: Path, topics: Mapping[str, int], *, log: Path) -> None:
        self._address_file = folder / "kafka.address"
        super().__init__(Process("kafka", [
            sys.executable, "-m", "deploy.servers.embedded_kafka",
            "--address-file", str(self._address_file),
            *(f"--topic={name}:{partitions}" for name, partitions in topics.items()),
        ], log=log, folder=ROOT))  # fmt: skip

    @property
    def bootstrap(self) -> str:
        """`host:port`, after the start."""
        return self._address_file.read_text()

    @property
    def address(self) -> str:
        """`host:port`, after the start."""
        return self.bootstrap

    def prepare(self) -> None:
        """Forget the address of the last start."""
        self._address_file.parent.mkdir(parents=True, exist_ok=True)
        self._address_file.unlink(missing_ok=True)

    async def is_ready(self) -> bool:
        """Whether it has told its address and answers there."""
        return self._address_file.exists() and await cluster_ready(self.bootstrap, timeout=1)


def main() -> None:
    parser = argparse.ArgumentParser(description="An in-memory Kafka broker, until SIGTERM.")
    parser.add_argument("--address-file", type=Path, required=True)
    parser.add_argument("--topic", action="append", default=[], metavar="NAME:PARTITIONS")
    arguments = parser.parse_args()
    topics = {name: int(count) for name, count in (topic.rsplit(":", 1) for topic in arguments.topic)}
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    with MockCluster(topics) as cluster:
        draft = arguments.address_file.with_suffix(".draft")
        draft.write_text(cluster.bootstrap)
        os.replace(draft, arguments.address_file)  # a reader sees all of it or nothing
        listening = f"listening on {cluster.bootstrap}, {len(topics)} topics, in memory"
        print(line_now("info", listening), flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
