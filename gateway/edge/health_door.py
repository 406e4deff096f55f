"""The gateway's own health endpoints, for who runs it; for partners these paths do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.headers import values
from gateway.settings import Network
from services.chassis.http.request_span import QUIET

FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")
"""By these a proxy says that it speaks for somebody else."""


@dataclass(frozen=True, slots=True)
class HealthDoor:
    """An ASGI application: `/livez`, `/readyz` and `/metrics` for callers from inside, everything else to the edge.

    Inside is a peer on a Unix socket or from one of the networks, as long as nothing says that it forwards.
    """

    own: ASGIApp
    edge: ASGIApp
    networks: Sequence[Network]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_health = scope["type"] == "http" and scope["path"] in QUIET and self._is_inside(scope)
        await (self.own if is_health else self.edge)(scope, receive, send)

    def _is_inside(self, scope: Scope) -> bool:
        if any(values(scope["headers"], name) for name in FORWARDED):
            return False
        peer = scope["client"]
        return peer is None or any(ip_address(peer[0]) in network for network in self.networks)
