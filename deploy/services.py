"""The services of the zone, listed once: what is started, documented, given secrets and asked for its dead letters."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from services.chassis.domain.events import service_of
from services.chassis.service import Service

SERVICES: Final = {"registry": "services.registry", "incubator": "services.incubator", "metrics": "services.metrics"}
"""Name → package, in the order of their start; `python -m <package>` runs it, its `main.py` assembles it."""
WITH_GATEWAY: Final = {**SERVICES, "gateway": "gateway"}
"""The same and the gateway, which in everything but its place at the edge is a service too."""


def assembled(name: str) -> Service:
    """A service as its `main.py` puts it together: routes, handlers, documents, clocks.

    Raises:
        KeyError: there is none of that name.
    """
    service: Service = importlib.import_module(f"{WITH_GATEWAY[name]}.main").service
    return service


def heard_by(name: str) -> list[str]:
    """The services whose events a service reacts to, sorted; none where it listens to nobody."""
    handlers = assembled(name).handlers
    return sorted({service_of(topic) for topic in handlers.topics}) if handlers else []


def contracts() -> list[ModuleType]:
    """Every file of `services/contracts`: its topics, and the events that services tell each other."""
    return list(files_of("services.contracts"))


def modules_called(word: str, package: str) -> list[ModuleType]:
    """The files of one name in all folders of a package: `examples` of `services.registry`."""
    return [file for file in files_of(package, word) if file.__name__.endswith(f".{word}")]


def files_of(package: str, word: str = "") -> Iterator[ModuleType]:
    """The files of a package whose name ends with a word; never its `__main__`, which would run it."""
    path = importlib.import_module(package).__path__
    for each in pkgutil.walk_packages(path, f"{package}."):
        if each.name.endswith(word) and not each.name.endswith("__main__"):
            yield importlib.import_module(each.name)
