"""A service of the zone, or the gateway, as a process."""

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy import missing_package
from deploy.machine.ports import require_free
from deploy.machine.processes import Process
from deploy.machine.server import HttpServer
from deploy.machine.zone_folder import ROOT

UNIX = "unix:"


class ServiceProcess(HttpServer):
    """`python -m <module> --role <role>`, ready when its `/readyz` says so.

    Args:
        name: what people call it.
        module: what Python runs: `services.registry`, …, `gateway`.
        listen: `HOST:PORT`, or `unix:` and the path of a socket.
        environment: the ZONE_* variables that it is told besides.
        role: `api`, `worker` or `all`.
    """

    def __init__(
        self, name: str, module: str, *, listen: str, environment: Mapping[str, str], log: Path, role: str = "all"
    ) -> None:
        self.listen = listen
        told = {"ZONE_LISTEN": listen, "PYTHONUNBUFFERED": "1"}  # its last words reach the log whatever ends it
        command = [sys.executable, "-m", module, "--role", role]
        super().__init__(Process(name, command, log=log, folder=ROOT, environment={**environment, **told}))

    @property
    def address(self) -> str:
        """Where clients reach it: `unix:/path.sock` or `http://host:port`."""
        return self.listen if self.listen.startswith(UNIX) else f"http://{self.listen}"

    def prepare(self) -> None:
        """Remove the socket that one before may have left, or see that the port is free."""
        if self.listen.startswith(UNIX):
            Path(self.listen.removeprefix(UNIX)).unlink(missing_ok=True)
        else:
            port = int(self.listen.rpartition(":")[2])
            require_free(port, f"the {self.name}", "stop that one, or choose another port with --port")

    def explain(self, lines: str) -> str | None:
        """What the last lines of one that ended mean: a library that it missed."""
        missing = missing_package.missing_in(lines)
        return missing_package.sentence(missing) if missing else None
