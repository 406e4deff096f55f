"""The zone from its images: services and gateway in containers, beside a MongoDB and a Kafka of this machine."""

import asyncio
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from deploy.complaint import Complaint
from deploy.documents.kpi_table import ask, table_of
from deploy.images.container_process import ContainerProcess
from deploy.images.podman import Podman
from deploy.korla.businesses import HOSTS, businesses
from deploy.korla.entry import Entry
from deploy.korla.load import load
from deploy.korla.plants import PLANTS
from deploy.launch.launcher import Launcher
from deploy.machine.ports import free_port
from deploy.machine.server import Server
from deploy.machine.zone_folder import ZoneFolder
from deploy.machine.zone_secrets import told_to
from deploy.public_api import Access, connect
from deploy.services import WITH_GATEWAY, heard_by

PLANTS_TAKEN = 6
HOSTS_TAKEN = 2


class ContainerLauncher(Launcher):
    """A launcher whose services run in containers."""

    def __init__(
        self, podman: Podman, folder: ZoneFolder, *, port: int, kafka: str, say: Callable[[str], None]
    ) -> None:
        passwords = {name: secrets.token_urlsafe(32) for name in WITH_GATEWAY}
        super().__init__(folder, port=port, kafka=kafka, say=say, kafka_passwords=passwords)
        self._podman = podman

    def _service(self, name: str, told: dict[str, str], found: dict[str, str]) -> Server:
        return self._contained(name, free_port(), told, found, {})

    def _edge(self, told: dict[str, str], found: dict[str, str], services: Sequence[Server]) -> Server:
        upstreams = json.dumps({service.name: service.address for service in services})
        gateway = self._contained("gateway", self.port, told, found, {"ZONE_UPSTREAMS": upstreams})
        self.folder.operator_key = gateway.kept / "operator.key"
        return gateway

    def _contained(
        self, name: str, port: int, told: dict[str, str], found: dict[str, str], own: dict[str, str]
    ) -> ContainerProcess:
        stores = {
            "ZONE_MONGO_URL": told["ZONE_MONGO_URL"],
            "ZONE_KAFKA_PASSWORD": self.kafka_logins.get(name, ""),
        }
        here = {key: told[key] for key in ("ZONE_KAFKA_BOOTSTRAP", "ZONE_OUTBOX_KEEP")}
        here["ZONE_KAFKA_USERNAME"] = name if name in self.kafka_logins else ""
        return ContainerProcess(
            name,
            self._podman,
            port=port,
            environment=here | own,
            secrets=told_to(name, found, heard_by(name)) | stores,
            folder=self.folder.path / "containers" / name,
            log=self.folder.logs / f"{name}.log",
        )

    @property
    def containers(self) -> list[ContainerProcess]:
        """Those that run now."""
        return [server for server in self.servers if isinstance(server, ContainerProcess)]


def ten_businesses() -> list[Entry]:
    """Six plants, two hosts, and two businesses that they take in."""
    everyone = businesses()
    first_host = len(PLANTS)
    hosts = everyone[first_host : first_host + HOSTS_TAKEN]
    first_hosted = first_host + len(HOSTS)
    hosted = [replace(everyone[first_hosted + n], host=PLANTS_TAKEN + n) for n in range(HOSTS_TAKEN)]
    return [*everyone[:PLANTS_TAKEN], *hosts, *hosted]


async def figures_of(access: Access) -> str:
    """Register ten businesses through the gateway, and read the KPIs once they show them.

    Raises:
        Complaint: something was refused, or ten businesses went in and another number came out.
    """
    entries = ten_businesses()
    await load(entries, partial(connect, access.url), access.operator_key, lambda done, total, name: None)
    answer = await ask(access)
    counted = [each["value"] for each in answer.body["data"] if each["kpi"] == "businesses_active" and not each["dims"]]
    if counted != [len(entries)]:
        raise Complaint(f"{len(entries)} businesses were registered, and the KPI counts {counted}.")
    return table_of(answer.body)


def ready_inside(launcher: ContainerLauncher) -> list[str]:
    """The containers whose own health check says that they are ready."""
    return [container.name for container in launcher.containers if container.says_it_is_ready()]


def run(launcher: ContainerLauncher) -> str:
    """Start everything, register, read, and stop everything. Returns the table of the KPIs; raises Complaint."""
    try:
        asyncio.run(launcher.start())
        if missing := {container.name for container in launcher.containers} - set(ready_inside(launcher)):
            raise Complaint(f"The health check in the image says no of {', '.join(sorted(missing))}.")
        key = launcher.folder.operator_key.read_text().strip()
        return asyncio.run(figures_of(Access(launcher.url, key)))
    finally:
        launcher.stop()
