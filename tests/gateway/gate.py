"""A whole edge with everything that is injected into it, for tests that come in from outside."""

import asyncio
import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.edge.body_room import BodyRoom
from gateway.edge.edge import Edge
from gateway.edge.identity import Identity
from gateway.edge.operation import Operation
from gateway.edge.operations import Table
from gateway.headers import Headers, values
from gateway.upstream.call import QUOTA_EXCEEDED, Deadlines
from gateway.upstream.httpunk_client import HttpunkUpstream
from services.chassis.domain.caller import Caller
from services.chassis.http.security import Identities
from tests.gateway.wire import Response, caller

PARTNER = Caller("prt_a", "cli_a", "key_a", "partner", frozenset({"registry:filings:read", "registry:filings:write"}))
OFFICER = Caller("prt_z", "cli_z", "key_z", "officer", frozenset({"registry:review", "registry:filings:read"}))
KEYS = {b"Bearer partner": PARTNER, b"Bearer officer": OFFICER}

JSON = frozenset({"application/json"})


def _get(path: str, *scopes: str, **rest: Any) -> Operation:
    return Operation("GET", path, **{"scopes": frozenset(scopes), "produces": JSON, **rest})


def _post(path: str, *scopes: str, **rest: Any) -> Operation:
    return Operation("POST", path, **{"scopes": frozenset(scopes), "accepts": JSON, "produces": JSON, **rest})


OPERATIONS = [
    _get("/v1/registry/filings", "registry:filings:read"),
    _post("/v1/registry/filings", "registry:filings:write"),
    _get("/v1/registry/filings/{filing_id}", "registry:filings:read"),
    _post("/v1/registry/filings/{filing_id}/approve", "registry:review"),
    _get("/v1/registry/filings/latest", "registry:filings:read"),
    _get("/v1/registry/certificates/{number}", scopes=None),
    _post("/v1/registry/uploads", "registry:filings:write", accepts=frozenset({"text/csv"}), body_limit=300_000),
    _post("/v1/registry/notes", "registry:filings:write", body_limit=100),
    _get("/v1/metrics/stream", produces=frozenset({"text/event-stream"})),
    _get("/v1/partners"),
    _get("/v1/partners/slow"),
    _post("/v1/partners", "admin"),
    _post("/v1/partners/{partner_id}/notes"),
]


class Own:
    """The gateway's own routes: they answer with what they were handed."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.let = asyncio.Event()
        """Requests to a path with `/slow` are answered when it is set."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["path"] == "/docs/broken":
            raise RuntimeError("示例 secret")
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if "/slow" in scope["path"]:
            await self.let.wait()
        said = json.dumps({"path": scope["path"], "body": len(body)}).encode()
        headers = [(b"content-type", b"application/json"), (b"server", b"secret"), (b"cache-control", b"max-age=5")]
        headers.append((b"content-length", b"%d" % len(said)))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})


class Gate:
    """An edge whose services a test may still choose, and what it takes to look inside."""

    port: int

    def __init__(self) -> None:
        key = Ed25519PrivateKey.generate()
        public = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()
        self.readers = {name: Identities(public, name) for name in ("registry", "metrics", "gateway")}
        self.services: dict[str, str] = {"registry": "http://127.0.0.1:1", "metrics": "http://127.0.0.1:1"}
        self.own = Own()
        self.upstream = HttpunkUpstream(limit=60)
        self._identity = Identity(base64.urlsafe_b64encode(key.private_bytes_raw()).decode())
        self.deadlines = Deadlines()
        self.room = BodyRoom()
        self.edge = self._edge()

    def hurry(self, deadlines: Deadlines) -> None:
        """Give the services less time."""
        self.deadlines = deadlines
        self.edge = self._edge()

    def hold(self, room: BodyRoom) -> None:
        """Hold bodies there."""
        self.room = room
        self.edge = self._edge()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.edge(scope, receive, send)

    async def ask(
        self, path: str, method: str = "GET", key: str | None = "partner", body: bytes = b"", **fields: str
    ) -> Response:
        """One request on a connection of its own; `fields` are header fields with `_` for `-`."""
        async with caller(self.port) as connection:
            return await connection.ask(request(path, method, key, body, **fields), method == "HEAD")

    def caller(self) -> Any:
        """A connection to the edge."""
        return caller(self.port)

    def _edge(self) -> Edge:
        return Edge(
            table=Table(OPERATIONS),
            services=self.services,
            own=self.own,
            authenticate=_authenticate,
            identity=self._identity,
            upstream=self.upstream,
            deadlines=self.deadlines,
            room=self.room,
            body_at_most=100_000,
        )


def request(path: str, method: str = "GET", key: str | None = "partner", body: bytes = b"", **fields: str) -> bytes:
    """A request as a well-behaved caller writes it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: zone"]
    if key is not None:
        lines.append(f"Authorization: Bearer {key}")
    if body:
        lines += [f"Content-Length: {len(body)}"]
        fields.setdefault("Content_Type", "application/json")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def problem(response: Response) -> tuple[int, str]:
    """Status and code of a problem that is whole in every other respect."""
    said = json.loads(response.body)
    assert response.complete
    assert response.value("content-type") == "application/problem+json"
    assert set(said) >= {"type", "title", "status", "detail", "instance", "code", "request_id"}
    assert said["status"] == response.status
    assert said["type"] == (QUOTA_EXCEEDED if response.status == 429 else f"/problems/{said['code']}")
    assert said["request_id"] == response.value("x-request-id")
    return response.status, said["code"]


async def _authenticate(headers: Headers) -> Caller | None:
    return KEYS.get(b"".join(values(headers, b"authorization")))
