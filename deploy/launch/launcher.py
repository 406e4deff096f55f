"""The process supervisor of a zone: starts it in order, watches it, and stops it in reverse."""

import asyncio
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from deploy.complaint import Complaint
from deploy.launch.service_process import ServiceProcess
from deploy.machine import zone_secrets
from deploy.machine.disk import require_room
from deploy.machine.ports import HOST, address_in, preferred_port, require_free
from deploy.machine.server import Server
from deploy.machine.watchman import Watchman
from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder
from deploy.servers.broker import Broker, ExistingKafka, choose_broker
from deploy.servers.mongod import Mongod
from deploy.servers.topics import create_zone_topics, zone_topics
from deploy.services import SERVICES, WITH_GATEWAY, heard_by

MONGO_PORT = 27117
KAFKA_PORT = 19092
"""The usual ports of database and broker; where somebody has them, any free one will do: nobody needs to know them."""

WATCH_EVERY_S = 0.2


class Launcher:
    """One running zone.

    Args:
        folder: where it keeps its things; claimed by the caller.
        port: the gateway's, on the loopback address.
        kafka: which broker, as in `ZONE_KAFKA`.
        json_logs: whether the services log JSON lines.
        say: told each step in a few words.
        services: what Python runs for each service.
        gateway: what it runs for the gateway.
        mongo_port, kafka_port: the usual ones of database and broker; where somebody has them, any free one will do.
    """

    def __init__(
        self,
        folder: ZoneFolder,
        *,
        port: int,
        kafka: str = "auto",
        json_logs: bool = False,
        say: Callable[[str], None] = lambda step: None,
        services: Mapping[str, str] = SERVICES,
        gateway: str = WITH_GATEWAY["gateway"],
        mongo_port: int = MONGO_PORT,
        kafka_port: int = KAFKA_PORT,
    ) -> None:
        self.folder = folder
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.servers: list[Server] = []
        """In the order of their start."""
        self._kafka = kafka
        self._json_logs = json_logs
        self._say = say
        self._services = services
        self._gateway = gateway
        self._mongo_port, self._kafka_port = mongo_port, kafka_port
        self._watchman = Watchman()
        self._note = RunningNote(os.getpid(), self.url, datetime.now(UTC).isoformat(timespec="seconds"), False, [])

    @property
    def names(self) -> list[str]:
        """The services and the gateway, in the order of their start."""
        return [*self._services, "gateway"]

    async def start(self) -> None:
        """Start everything, each part once what it needs is ready.

        Raises:
            Complaint: something cannot be started. What was, still runs: call `stop`.
        """
        require_free(self.port, "the gateway", "stop that one, or choose another port with --port")
        require_room(self.folder.path)
        self._tell()
        folder, log = self.folder, self.folder.logs
        found = zone_secrets.secrets_in(folder.secrets)
        mongod = Mongod(folder.mongo, port=preferred_port(self._mongo_port), log=log / "mongod.log")
        choice = choose_broker(
            self._kafka,
            folder.kafka,
            folder.jars,
            zone_topics(),
            port=preferred_port(self._kafka_port),
            log=log / "kafka.log",
        )
        broker = choice.broker
        self._say(f"Kafka: {choice.reason}")
        if not isinstance(broker, ExistingKafka) and broker.keeps_its_log and not folder.jars.present:
            self._say("fetching Apache Kafka with Maven (44 MB, once)")
        await self._start_together(mongod, broker)
        self._say(f"mongod at {HOST}:{mongod.port}, Kafka at {broker.bootstrap}")
        if made := await self._topics(broker.bootstrap):
            self._say(f"{len(made)} topics created")

        told = {
            "ZONE_ENV": os.environ.get("ZONE_ENV", "development"),
            "ZONE_MONGO_URL": mongod.address,
            "ZONE_KAFKA_BOOTSTRAP": broker.bootstrap,
            "ZONE_OUTBOX_KEEP": "window" if broker.keeps_its_log else "all",
            "ZONE_LOG_FORMAT": "json" if self._json_logs else "console",
        }
        services = [self._service(name, told, found) for name in self._services]
        await self._start_together(*services)
        await self._start_together(self._edge(told, found, services))
        self._say(f"{', '.join(self._services)} and gateway are ready")

    async def watch(self) -> None:
        """Wait until a process ends by itself. Raises Complaint: it should not have."""
        while all(server.process.running for server in self.servers):
            await asyncio.sleep(WATCH_EVERY_S)
        ended = next(server for server in self.servers if not server.process.running)
        raise Complaint(ended.why_it_ended("while the zone was running"), details=ended.last_words())

    def tell_ready(self) -> None:
        """Let other commands know that the start is over."""
        self._note = replace(self._note, ready=True)
        self._tell()

    def stop(self) -> None:
        """Stop everything in reverse order. A KeyboardInterrupt meanwhile kills what is left."""
        if self.servers:
            self._say("stopping")
        try:
            while self.servers:
                self.servers[-1].stop()
                self.servers.pop()
        finally:
            for server in self.servers:
                server.kill()
            self._watchman.dismiss()

    def _service(self, name: str, told: dict[str, str], found: dict[str, str]) -> Server:
        return ServiceProcess(
            name,
            self._services[name],
            listen=address_in(self.folder.run, name),
            environment=told | zone_secrets.told_to(name, found, heard_by(name)),
            log=self.folder.logs / f"{name}.log",
        )

    def _edge(self, told: dict[str, str], found: dict[str, str], services: Sequence[Server]) -> Server:
        own = {
            "ZONE_UPSTREAMS": json.dumps({service.name: service.address for service in services}),
            "ZONE_OPENAPI_FILE": str(self.folder.openapi),
            "ZONE_OPERATOR_KEY_FILE": str(self.folder.operator_key),
        }
        return ServiceProcess(
            "gateway",
            self._gateway,
            listen=f"{HOST}:{self.port}",
            environment=told | own | zone_secrets.told_to("gateway", found, heard_by("gateway")),
            log=self.folder.logs / "gateway.log",
        )

    async def _start_together(self, *servers: Server | Broker) -> None:
        """Start them side by side; the first that fails stops the others' start."""
        for server in servers:
            if isinstance(server, Server):
                server.process.watchman = self._watchman
                self.servers.append(server)
        starts = [asyncio.create_task(server.start()) for server in servers]
        try:
            await asyncio.gather(*starts)
        finally:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)
        self._tell()

    async def _topics(self, bootstrap: str) -> list[str]:
        try:
            return await create_zone_topics(bootstrap)
        except (ValueError, TimeoutError) as error:
            raise Complaint(f"The topics cannot be created: {str(error) or 'the broker did not answer'}.") from error

    def _tell(self) -> None:
        notes = [ServerNote(server.name, server.process.pid, server.address) for server in self.servers]
        self.folder.tell(replace(self._note, servers=notes))
