"""The services of the zone, listed once: what is started, documented, given secrets and asked for its dead letters."""

import importlib
from typing import Final

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
