"""`docker-compose.yml` as other programs read it: merged, with the values that variables take where nothing is said."""

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from deploy.machine.zone_folder import ROOT

FILE: Final = ROOT / "docker-compose.yml"
VARIABLE: Final = re.compile(r"(?<!\$)\$\{([A-Z0-9_]+):-([^}]*)\}")

Json = dict[str, Any]


def compose_file() -> Json:
    """The whole file; anchors and merges are resolved, then variables, then `$$`, as Compose does it."""
    loaded: Json = _told(yaml.safe_load(FILE.read_text()))
    return loaded


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _told(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_told(inner) for inner in value]
    return VARIABLE.sub(lambda found: found[2], value).replace("$$", "$") if isinstance(value, str) else value


def variables() -> dict[str, str]:
    """Every variable that the file names, and what it takes where nothing is said."""
    return dict(VARIABLE.findall(FILE.read_text()))


def secrets_of(service: Mapping[str, Any]) -> dict[str, str]:
    """The secrets of a service: the name under which the container sees each, and the name that the file gives it."""
    each_of = service.get("secrets", ())
    return dict((each, each) if isinstance(each, str) else (each["target"], each["source"]) for each in each_of)


def run_options(service: Mapping[str, Any]) -> list[str]:
    """What `docker run` and `podman run` are told to hold a container as tightly as the file says."""
    limits = service["deploy"]["resources"]["limits"]
    return [
        *(["--read-only"] if service["read_only"] else []),
        *(f"--tmpfs={path}" for path in service["tmpfs"]),
        *(f"--cap-drop={name}" for name in service["cap_drop"]),
        *(f"--security-opt={option.removesuffix(':true')}" for option in service["security_opt"]),
        f"--user={service['user']}",
        f"--cpus={limits['cpus']}",
        f"--memory={limits['memory'].lower()}",
        f"--pids-limit={limits['pids']}",
    ]
