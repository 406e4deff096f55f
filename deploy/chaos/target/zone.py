"""The system under test in pieces: each role a process, every wire through a link, so that each can fail alone."""

import asyncio
import json
from pathlib import Path
from typing import NamedTuple

from deploy.chaos import tally
from deploy.chaos.target.brokers import Apache, Broker, Embedded
from deploy.chaos.target.link import Link
from deploy.chaos.target.replica_set import ReplicaSet
from deploy.chaos.target.switches import Switches
from deploy.launch.service_process import ServiceProcess
from deploy.machine import zone_secrets
from deploy.machine.kafka_jars import KafkaJars
from deploy.machine.ports import HOST, address_in, lasting_port
from deploy.machine.watchman import Watchman
from deploy.servers.topics import PARTITIONS, zone_topics
from deploy.services import WITH_GATEWAY, assembled, heard_by
from services.chassis.http import client as http_client
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.service import Service
from services.chassis.settings import event_keys_in
from services.chassis.store.mongo import MongoStore

TALLY = "tally"


class Part(NamedTuple):
    """A process: a service in one of its roles."""

    service: str
    role: str

    @property
    def module(self) -> str:
        """Where the service is assembled."""
        return tally.__name__ if self.service == TALLY else f"{WITH_GATEWAY[self.service]}.main"


PARTS = {
    "registry-api": Part("registry", "api"),
    "registry-worker-1": Part("registry", "worker"),
    "registry-worker-2": Part("registry", "worker"),
    "incubator-api": Part("incubator", "api"),
    "incubator-worker": Part("incubator", "worker"),
    "metrics-1": Part("metrics", "all"),
    "metrics-2": Part("metrics", "worker"),
    "tally-1": Part(TALLY, "worker"),
    "tally-2": Part(TALLY, "worker"),
    "gateway": Part("gateway", "all"),
}
FRONTS = {"registry": "registry-api", "incubator": "incubator-api", "metrics": "metrics-1"}
"""Where the gateway finds each service."""
CONSUMERS = ("incubator-worker", "metrics-1", "metrics-2", "tally-1", "tally-2")
RELAYS = ("registry-worker-1", "registry-worker-2")
SERVICES = (*WITH_GATEWAY, TALLY)
STARTS_WITHIN = 180.0
"""Seconds; all start at once, and perhaps beside other work."""
WIRES = ("mongod", "kafka")
"""To what each process has a wire."""


def service_named(name: str) -> Service:
    """A service as it is assembled, with its documents and handlers."""
    return tally.service if name == TALLY else assembled(name)


def hears(name: str) -> list[str]:
    """The services whose events a service reacts to; the tally listens to all."""
    return [*WITH_GATEWAY] if name == TALLY else heard_by(name)


class ChaosZone:
    """All processes of one run.

    Args:
        folder: everything of it; must be empty.
        jars: Apache Kafka's.
        kafka: `apache` or `embedded`.
        members: of the database's replica set. Of several, processes find the primary themselves, past the links.
    """

    def __init__(self, folder: Path, jars: KafkaJars, *, kafka: str, members: int) -> None:
        for name in ("logs", "run", "switches"):
            (folder / name).mkdir(parents=True)
        self.folder = folder
        self.url = f"http://{HOST}:{lasting_port()}"
        self.operator_key = folder / "operator.key"
        self._watchman = Watchman()
        self.mongod = ReplicaSet(folder / "mongo", folder / "logs", members=members, watchman=self._watchman)
        topics = zone_topics() | {f"zone.{TALLY}.dead-letters": PARTITIONS}
        self.broker: Broker
        if kafka == "apache":
            self.broker = Apache(folder / "kafka", jars, list(topics), self._watchman)
        else:
            self.broker = Embedded(topics)
        ports = {"mongod": self._mongod_port, "kafka": self._kafka_port}
        self.links = {(name, server): Link(ports[server]) for name in PARTS for server in WIRES}
        self.parts: dict[str, ServiceProcess] = {}
        self._stores: dict[str, MongoStore] = {}

    def switches(self, name: str) -> Switches:
        """Those of one process."""
        return Switches(self.folder / "switches", name)

    def producer_keys(self, service: str) -> ProducerKeys:
        """By which a service believes records."""
        told = zone_secrets.told_to(service, self._secrets(), hears(service))
        return ProducerKeys(event_keys_in(told[zone_secrets.EVENT_KEYS]))

    def event_key(self, service: str) -> bytes:
        """Under which a service writes."""
        return zone_secrets.told_to(service, self._secrets(), [])[zone_secrets.EVENT_KEY].encode()

    def store(self, service: str) -> MongoStore:
        """A service's database, past all links."""
        if service not in self._stores:
            self._stores[service] = MongoStore(self.mongod.address, f"zone_{service}", service)
        return self._stores[service]

    async def start(self) -> None:
        """Start everything. Raises Complaint."""
        await asyncio.gather(self.mongod.start(), self.broker.start(), *(link.open() for link in self.links.values()))
        found = self._secrets()
        addresses = {name: address_in(self.folder / "run", name) for name in PARTS}
        addresses["gateway"] = self.url.removeprefix("http://")
        upstreams = {
            service: addresses[name] if addresses[name].startswith("unix:") else f"http://{addresses[name]}"
            for service, name in FRONTS.items()
        }
        for name, part in PARTS.items():
            told = zone_secrets.told_to(part.service, found, hears(part.service))
            if name == "gateway":
                told |= {"ZONE_UPSTREAMS": json.dumps(upstreams), "ZONE_OPERATOR_KEY_FILE": str(self.operator_key)}
            self.parts[name] = ServiceProcess(
                name,
                "deploy.chaos.target.killable_process",
                listen=addresses[name],
                environment=told | self._environment(name, part),
                log=self.folder / "logs" / f"{name}.log",
                role=part.role,
            )
            self.parts[name].patience_s = STARTS_WITHIN
            self.parts[name].process.watchman = self._watchman
        await asyncio.gather(*(self.parts[name].start() for name in PARTS))

    async def stop(self) -> None:
        """End everything at once: nobody wants its data any more."""
        for part in self.parts.values():
            part.kill()
        for link in self.links.values():
            await link.close()
        self.broker.end()
        for store in self._stores.values():
            store.close()
        self.mongod.kill()
        self._watchman.dismiss()

    async def restart(self, name: str) -> None:
        """Start a process that was killed; ready or not, as what it needs may be away too."""
        part = self.parts[name]
        await asyncio.to_thread(part.prepare)
        part.process.start()

    async def answers(self, name: str) -> bool:
        """Whether a process has started, ready or not."""
        return await http_client.answer(self.parts[name].address, "/readyz", timeout=3) is not None

    async def unready(self) -> dict[str, str]:
        """What each process says that does not call itself ready."""
        found = {}
        for name, part in self.parts.items():
            answer = await http_client.answer(part.address, "/readyz", timeout=3)
            if answer is None or answer[0] != 200:
                found[name] = answer[1] if answer else part.process.ended()
        return found

    def dead(self) -> list[str]:
        """Processes that ended by themselves; while a fault is on, those that it killed too."""
        return [name for name, part in self.parts.items() if not part.process.running]

    def _environment(self, name: str, part: Part) -> dict[str, str]:
        links = {server: self.links[name, server].port for server in WIRES}
        return {
            "ZONE_ENV": "development",
            # Direct, or the driver would ask the replica set for its address and go past the link.
            "ZONE_MONGO_URL": f"mongodb://{HOST}:{links['mongod']}/?directConnection=true"
            if self.mongod.is_alone
            else self.mongod.address,
            "ZONE_KAFKA_BOOTSTRAP": f"{HOST}:{links['kafka']}",
            "ZONE_OUTBOX_KEEP": "all",  # the log may be lost as a whole
            "ZONE_CHAOS_SERVICE": part.module,
            "ZONE_CHAOS_NAME": name,
            "ZONE_CHAOS_FOLDER": str(self.folder / "switches"),
            "ZONE_CHAOS_KAFKA_PORT": str(links["kafka"]),
        }

    def _secrets(self) -> dict[str, str]:
        return zone_secrets.secrets_in(self.folder / "secrets.env")

    def _mongod_port(self) -> int:
        return self.mongod.members[0].port

    def _kafka_port(self) -> int:
        return int(self.broker.bootstrap.rpartition(":")[2])
