"""A gateway of a measurement's own, before services that the measurement names."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from deploy.bench.stage import Stage
from deploy.launch.service_process import UNIX, ServiceProcess
from deploy.machine.ports import HOST, free_port
from deploy.services import SERVICES
from services.chassis.testing.callers import IDENTITY_KEY, settings


class BenchEdge:
    """Makes a gateway and services behind it, which know each other by the identity key of tests.

    Args:
        name: of the measurement; its databases and files are called so.
    """

    def __init__(self, stage: Stage, name: str) -> None:
        self._mongo_url, self._name = stage.mongo_url, name
        self._folder = stage.folder / name

    @property
    def operator_key(self) -> str:
        """The first operator's key; once the gateway has started."""
        return self._key_file.read_text().strip()

    def service(self, name: str) -> ServiceProcess:
        """The API of a service."""
        return self._process(name, SERVICES[name], f"{UNIX}{self._folder / name}.sock", {})

    def gateway(self, service: str) -> ServiceProcess:
        """The API of the gateway; every service behind it is the one at this address."""
        told = {
            "ZONE_UPSTREAMS": json.dumps(dict.fromkeys(SERVICES, service)),
            "ZONE_OPERATOR_KEY_FILE": str(self._key_file),
            "ZONE_IDENTITY_PRIVATE_KEY": base64.urlsafe_b64encode(IDENTITY_KEY.private_bytes_raw()).decode(),
        }
        return self._process("gateway", "gateway", f"{HOST}:{free_port()}", told)

    @property
    def _key_file(self) -> Path:
        return self._folder / "operator.key"

    def _process(self, name: str, module: str, listen: str, told: Mapping[str, str]) -> ServiceProcess:
        environment = {
            "ZONE_MONGO_URL": self._mongo_url,
            "ZONE_DATABASE_PREFIX": f"bench_{self._name}",
            "ZONE_IDENTITY_PUBLIC_KEY": settings().identity_public_key,
            "ZONE_LOG_FORMAT": "json",
            **told,
        }
        log = self._folder / f"{name}.log"
        return ServiceProcess(name, module, listen=listen, environment=environment, log=log, role="api")
