"""A gateway on a store in memory, called as partners call it: through the edge, with keys."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from gateway.access.bootstrap import open_office
from gateway.main import around, service
from gateway.settings import GatewaySettings
from services.chassis.http.client import in_process
from services.chassis.testing.callers import IDENTITY_KEY
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, FixedClock

PEPPER = "a pepper for the tests only, 32 characters or more"
Json = dict[str, Any]


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def gateway_settings(**values: Any) -> GatewaySettings:
    """Settings of a gateway whose services are never reached."""
    usual: Json = {
        "identity_private_key": base64url(IDENTITY_KEY.private_bytes_raw()),
        "identity_public_key": base64url(IDENTITY_KEY.public_key().public_bytes_raw()),
        "key_pepper": PEPPER,
        "upstreams": {name: f"unix:/nowhere/{name}.sock" for name in ("registry", "incubator", "metrics")},
    }
    return GatewaySettings(**(usual | values))


class Zone:
    """One gateway, told what it is told besides the usual, with a clock that stands still."""

    def __init__(self, at: datetime = NOON, **told: Any) -> None:
        self.store = MemoryStore.of(service)
        self.clock = FixedClock(at)
        self.own = service.routes_on(self.store, gateway_settings(**told), clock=self.clock)
        self.edge = around(self.own.state.process, self.own)

    async def open(self, folder: Path) -> str:
        """Make the office; the operator's key."""
        file = folder / "operator.key"
        await open_office(self.store, pepper=PEPPER.encode(), key_file=file, now=self.clock)
        return file.read_text().strip()

    def client(self, key: str | None) -> httpx.AsyncClient:
        """An HTTP client that calls with a key, or without any."""

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            await self.edge({**scope, "state": {}}, receive, send)  # as uvicorn hands it over

        return in_process(served, {"Authorization": f"Bearer {key}"} if key else {})


async def made(api: httpx.AsyncClient, path: str, body: Json | None = None) -> Json:
    """What a POST made."""
    answer = await api.post(path, json=body or {})
    assert answer.status_code == 201, answer.text
    view: Json = answer.json()
    return view


async def new_client(operator: httpx.AsyncClient, partner_id: str, kind: str = "partner", **more: Any) -> Json:
    return await made(operator, f"/v1/partners/{partner_id}/clients", {"kind": kind, **more})


async def new_key(api: httpx.AsyncClient, client_id: str, **wanted: Any) -> Json:
    return await made(api, f"/v1/clients/{client_id}/keys", wanted)


async def is_let_in(zone: Zone, key: str) -> bool:
    """Whether a key opens anything: an unknown path is 404 for who is known, 401 for who is not."""
    async with zone.client(key) as api:
        return (await api.get("/v1/no-such-path")).status_code == 404
