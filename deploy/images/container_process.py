"""A service of the zone, or the gateway, in a container, held as tightly as `docker-compose.yml` says."""

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.images.compose import compose_file, run_options, secrets_of
from deploy.images.images import image_of
from deploy.images.podman import Podman
from deploy.machine.ports import HOST, require_free
from deploy.machine.processes import Process
from deploy.machine.secret_files import FILE_MODE
from deploy.machine.server import HttpServer

SECRETS = "/run/secrets"
KEPT = "/var/lib/zone"
NOBODY_HERE = 10001
"""The user in the image; this machine knows nobody of that number."""


class ContainerProcess(HttpServer):
    """One container on the network of this machine, as the database and the broker are reached there.

    Args:
        name: the service's name in the compose file.
        port: where it listens, on the loopback address.
        environment: what it is told besides or in place of what the file says.
        secrets: the values of the secrets that the file gives it, by the names that the container sees.
        folder: for its secrets, and for what it keeps.
    """

    patience_s = 300.0  # the storage driver vfs copies the whole image first
    stop_patience_s = (
        120.0  # podman first makes the container that it has begun, and removes it file by file in the end
    )

    def __init__(
        self,
        name: str,
        podman: Podman,
        *,
        port: int,
        environment: Mapping[str, str],
        secrets: Mapping[str, str],
        folder: Path,
        log: Path,
    ) -> None:
        service = compose_file()["services"][name]
        self.port, self.container = port, f"zone-smoke-{name}-{os.getpid()}"
        self.kept = folder / "kept"
        self._podman, self._folder = podman, folder
        self._secrets = {target: secrets[target] for target in secrets_of(service)}
        told = {**service["environment"], **environment, "ZONE_LISTEN": f"{HOST}:{port}"}
        command = podman.command(
            "run", "--rm", "--network=host", "--no-healthcheck", f"--name={self.container}",  # its timer is systemd's
            *run_options(service),
            *(f"--env={key}={value}" for key, value in told.items()),
            *(f"--volume={folder / target}:{SECRETS}/{target}:ro" for target in self._secrets),
            *([f"--volume={self.kept}:{KEPT}"] if service.get("volumes") else []),
            image_of(name), *service["command"],
        )  # fmt: skip
        super().__init__(Process(name, command, log=log, environment=podman.environment))

    @property
    def address(self) -> str:
        """Where clients reach it."""
        return f"http://{HOST}:{self.port}"

    def prepare(self) -> None:
        """Write its secrets as files, and make the folder that is its own inside."""
        require_free(self.port, f"the {self.name}", "start again")
        self.kept.mkdir(parents=True, exist_ok=True)
        os.chown(self.kept, NOBODY_HERE, NOBODY_HERE)
        for target, value in self._secrets.items():
            file = self._folder / target
            file.unlink(missing_ok=True)
            file.write_text(value)
            file.chmod(FILE_MODE)

    def says_it_is_ready(self) -> bool:
        """Whether the image's own health check, run inside, says so."""
        return self._podman.try_to("exec", self.container, "python", "ready.py").returncode == 0

    def kill(self) -> None:
        """Podman, killed while it makes a container, would forget that one and leave it running: it is asked to end."""
        self.process.stop(timeout=self.stop_patience_s)
        self._podman.try_to("rm", "--force", "--ignore", "--time=0", self.container)
