"""The process supervisor of a zone: starts it in order, keeps it running, and stops it in reverse."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from deploy.launch.service_process import ServiceProcess
from deploy.launch.supervision import first, keep
from deploy.machine import zone_secrets
from deploy.machine.disk import require_room
from deploy.machine.lost_secrets import secrets_of
from deploy.machine.ports import HOST, HeldPorts, address_in, require_free
from deploy.machine.server import Server, stop_together
from deploy.machine.watchman import Watchman
from deploy.machine.zone_folder import RunningNote, ServerNote, ZoneFolder
from deploy.servers.apache_kafka import ApacheKafka
from deploy.servers.broker import Broker, choose_broker
from deploy.servers.embedded_kafka import EmbeddedKafka
from deploy.servers.kafka_users import make_users
from deploy.servers.mongod import MUTE_S, Mongod, is_mute
from deploy.servers.topics import create_zone_topics, zone_topics
from deploy.services import SERVICES, WITH_GATEWAY, heard_by

MONGO_PORT = 27117
KAFKA_PORT = 19092
"""The usual ports of database and broker; where somebody has them, any free one will do: nobody needs to know them."""

KAFKA_BOOTSTRAP = "ZONE_KAFKA_BOOTSTRAP"

WITHOUT_STORE_S = 3.0
"""For a stop of what can finish nothing any more: enough to close its connections."""


class Launcher:
    """One running zone.

    Args:
        folder: where it keeps its things; claimed by the caller.
        port: the gateway's, on the loopback address.
        kafka: which broker, as in `ZONE_KAFKA`.
        json_logs: whether the services log JSON lines.
        say: told each step in a few words.
        warn: told what went wrong and is mended; by default `say` is.
        services: what Python runs for each service.
        gateway: what it runs for the gateway.
        mongo_port, kafka_port: the usual ones of database and broker; where somebody has them, any free one will do.
        kafka_passwords: by service; a broker that can then lets in nobody else.

    Attributes:
        kafka_logins: the passwords by service, where the broker asks for them.
    """

    def __init__(
        self,
        folder: ZoneFolder,
        *,
        port: int,
        kafka: str = "auto",
        json_logs: bool = False,
        say: Callable[[str], None] = lambda step: None,
        warn: Callable[[str], None] | None = None,
        services: Mapping[str, str] = SERVICES,
        gateway: str = WITH_GATEWAY["gateway"],
        mongo_port: int = MONGO_PORT,
        kafka_port: int = KAFKA_PORT,
        kafka_passwords: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self._stages: list[list[Server]] = []
        """What was started side by side, the stores first; it is stopped in the reverse order."""
        self._kafka = kafka
        self._json_logs = json_logs
        self._say, self._warn = say, warn or say
        self._services = services
        self._gateway = gateway
        self._mongo_port, self._kafka_port = mongo_port, kafka_port
        self._kafka_passwords, self.kafka_logins = kafka_passwords or {}, dict[str, str]()
        self._ports = HeldPorts()
        self._watchman = Watchman()
        self._note = RunningNote(os.getpid(), self.url, datetime.now(UTC).isoformat(timespec="seconds"), False, [])

    @property
    def servers(self) -> list[Server]:
        """In the order of their start."""
        return [server for stage in self._stages for server in stage]

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
        found = secrets_of(folder, self._say)
        choice = choose_broker(
            self._kafka,
            folder.kafka,
            folder.jars,
            zone_topics(),
            port=self._kafka_port,
            log=log / "kafka.log",
            is_guarded=bool(self._kafka_passwords),
        )
        broker = choice.broker
        self._say(f"Kafka: {choice.reason}")
        if isinstance(broker, ApacheKafka):
            if not folder.jars.present:
                damaged = ", as of those that are there a part is damaged" if folder.jars.damaged else ""
                self._say(f"fetching Apache Kafka with Maven (44 MB, once{damaged})")
            await asyncio.to_thread(folder.jars.fetch)  # takes minutes, in which any port may be taken
            broker.port = self._ports.take(self._kafka_port)
        mongod = Mongod(folder.mongo, port=self._ports.take(self._mongo_port), log=log / "mongod.log")
        if mongod.port != self._mongo_port and await is_mute(self._mongo_port):
            self._say(f"a process at port {self._mongo_port} does not answer: mongod may wait half a minute for it")
            mongod.patience_s += MUTE_S
        self._say("mongod and Kafka are starting")
        await self._start_together(mongod, broker)
        self._say(f"mongod at {HOST}:{mongod.port}, Kafka at {broker.bootstrap}")
        inside = broker.inside if isinstance(broker, ApacheKafka) else broker.bootstrap
        if made := await create_zone_topics(inside):
            self._say(f"{len(made)} topics created")
        if self._kafka_passwords and isinstance(broker, ApacheKafka):
            await asyncio.to_thread(make_users, inside, self._kafka_passwords)
            self.kafka_logins = dict(self._kafka_passwords)
            self._say("Kafka lets each service write its own topics, and read those that it hears")

        told = {
            "ZONE_ENV": os.environ.get("ZONE_ENV", "development"),
            "ZONE_MONGO_URL": mongod.address,
            KAFKA_BOOTSTRAP: broker.bootstrap,
            "ZONE_OUTBOX_KEEP": "window" if broker.keeps_its_log else "all",
            "ZONE_LOG_FORMAT": "json" if self._json_logs else "console",
        }
        self._say(f"{', '.join(self._services)} and gateway are starting")
        services = [self._service(name, told, found) for name in self._services]
        await self._start_together(*services)
        await self._start_together(self._edge(told, found, services))
        self._say(f"{', '.join(self._services)} and gateway are ready")

    async def watch(self) -> None:
        """Start again whatever ends by itself. Raises Complaint where one process does so too often."""
        await first(*map(self._keep, self.servers))

    async def _keep(self, server: Server) -> None:
        def asked(ended: Server) -> bool:
            return self.folder.restart_asked(_note_of(ended))

        await keep(server, say=self._say, warn=self._warn, began_again=self._began_again, restart_asked=asked)

    def _began_again(self, server: Server) -> None:
        """Let others know of its new process; a broker that came back elsewhere is told to all who speak to it."""
        self._tell()
        if isinstance(server, EmbeddedKafka):  # chooses its port itself
            for other in self.servers:
                if other not in self._stages[0]:
                    other.process.tell({KAFKA_BOOTSTRAP: server.bootstrap})
                    self.folder.ask_for_restart(_note_of(other))
                    other.process.signal(signal.SIGTERM)

    def tell_ready(self) -> None:
        """Let other commands know that the start is over."""
        self._note = replace(self._note, ready=True)
        self._tell()

    def stop(self) -> None:
        """Stop the gateway, then the services side by side, last what they store in and publish to.

        A KeyboardInterrupt meanwhile kills what is left. Where a store is gone already nothing can be finished any
        more, and little time is given to it.
        """
        if self.servers:
            self._say("stopping")
        try:
            stores_run = all(server.process.running for server in self._stages[0]) if self._stages else True
            while self._stages:
                is_last = len(self._stages) == 1
                stop_together(self._stages[-1], at_most_s=None if stores_run or is_last else WITHOUT_STORE_S)
                self._stages.pop()
        finally:
            for server in self.servers:
                server.kill()
            self._ports.give_back()
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
        self._stages.append([server for server in servers if isinstance(server, Server)])
        for server in self._stages[-1]:
            server.process.watchman = self._watchman
        starts = [asyncio.create_task(server.start()) for server in servers]
        try:
            await asyncio.gather(*starts)
        finally:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)
        self._tell()

    def _tell(self) -> None:
        self.folder.tell(replace(self._note, servers=[_note_of(server) for server in self.servers]))


def _note_of(server: Server) -> ServerNote:
    return ServerNote(server.name, server.process.pid, server.address)
