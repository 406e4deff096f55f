"""Servers of a measurement's own: a database and a broker on free ports, in a folder that goes with them."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.bench.contest import Clock
from deploy.bench.processors import clock_of
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ZoneFolder
from deploy.servers.broker import ExistingKafka, choose_broker
from deploy.servers.mongod import Mongod
from deploy.servers.topics import CONFIGURATION, PARTITIONS, zone_topics
from services.chassis.kafka.topics import create_topics

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
