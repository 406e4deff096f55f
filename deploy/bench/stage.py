"""Servers of a measurement's own: a database and a broker on free ports, in a folder that goes with them."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from deploy.bench.contest import Clock, Line, in_columns
from deploy.bench.processors import clock_of
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ZoneFolder
from deploy.servers.broker import ExistingKafka, choose_broker
from deploy.servers.mongod import Mongod
from deploy.servers.topics import CONFIGURATION, PARTITIONS, zone_topics
from services.chassis.kafka.topics import create_topics
from services.chassis.process import freeze

TOPIC = "zone.bench.things"
"""Where the things of a measurement are told."""


@dataclass(frozen=True)
class Stage:
    """What a measurement runs on."""

    folder: Path
    mongo_url: str
    bootstrap: str
    broker: str
    """What kind it is, in words."""
    pids: Mapping[str, int]
    """The processes of its servers, `mongod` and `kafka`; a broker that somebody else runs is not among them."""

    def clock(self, *servers: str) -> Clock:
        """Processor time of this process and of these servers."""
        return clock_of(self.pids[name] for name in servers if name in self.pids)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zone-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Start both, and stop them afterwards. `ZONE_KAFKA` chooses the broker, as for ./zone up. Raises Complaint."""
    wish = os.environ.get("ZONE_KAFKA") or "auto"
    topics = {**zone_topics(), TOPIC: PARTITIONS}
    choice = choose_broker(
        wish, folder / "kafka", ZoneFolder.usual().jars, topics, port=free_port(), log=folder / "kafka.log"
    )
    broker = choice.broker
    async with Mongod(folder / "mongo", port=free_port(), log=folder / "mongod.log") as mongod:
        await broker.start()
        try:
            if not isinstance(broker, ExistingKafka) and broker.keeps_its_log:
                await create_topics(broker.bootstrap, topics, PARTITIONS, CONFIGURATION)
            pids = {"mongod": mongod.process.pid}
            if not isinstance(broker, ExistingKafka):
                pids["kafka"] = broker.process.pid
            yield Stage(folder, mongod.address, broker.bootstrap, choice.reason, pids)
        finally:
            broker.stop()


Measure = Callable[[Stage], Awaitable[list[Line]]]
"""One part of a benchmark."""


async def measured(parts: Mapping[str, Measure], say: Callable[[str], None], show: Callable[[str], None]) -> None:
    """Measure these parts, by their names, on servers of their own, and show each as soon as it is known.

    Raises:
        Complaint: a server cannot be started.
    """
    freeze()  # as a service does once it is made
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # what is measured need not talk
    with temporary_folder() as folder:
        async with staged(folder) as stage:
            say(f"{os.cpu_count()} cores; Kafka: {stage.broker}")
            for name, measure in parts.items():
                say(f"measuring: {name}, at load {os.getloadavg()[0]:.1f}")
                for line in in_columns(await measure(stage)):
                    show(line)
