"""The response filter: every answer, whoever wrote it, leaves through it on the way back to the caller."""

import time
from email.utils import formatdate
from functools import lru_cache

import orjson
from starlette.types import Message, Send

from gateway.headers import HOP_BY_HOP, INTERNAL, Headers, without
from services.chassis.domain.errors import ZoneError, problem

PROBLEM = b"application/problem+json"

_DROPPED = HOP_BY_HOP | {b"server", b"date", b"x-powered-by", b"via", b"x-request-id", b"traceparent", b"tracestate"}
"""What is of one hop, what says which software answered, and what the edge says itself."""
_DROPPED_WITHOUT_BODY = _DROPPED | {b"content-length"}
"""A 204 or 304 has no body, whatever length it announces (RFC 9110 §8.6); uvicorn would wait for one."""

_ADDED = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""OWASP REST Security Cheat Sheet, the part that holds for an API."""


class Outlet:
    """An ASGI `send` that filters the head and remembers whether one has left.

    Args:
        strict_transport_security: the value of that field (RFC 6797), where the edge is served over TLS.
    """

    def __init__(self, send: Send, request_id: str, strict_transport_security: bytes | None) -> None:
        self._send = send
        self._request_id = request_id
        self._hsts = strict_transport_security
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": self._filtered(message["status"], message.get("headers", []))}
            self.started = True
        await self._send(message)

    async def problem(self, error: ZoneError, instance: str) -> None:
        """Answer with an RFC 9457 problem."""
        body = orjson.dumps(problem(error, instance=instance, request_id=self._request_id))
        headers = [(b"content-type", PROBLEM), (b"content-length", b"%d" % len(body))]
        headers += [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in error.headers.items()]
        await self({"type": "http.response.start", "status": error.status, "headers": headers})
        await self({"type": "http.response.body", "body": body})

    def _filtered(self, status: int, headers: Headers) -> Headers:
        """End-to-end fields, without what is internal, with what every answer carries."""
        kept = without(headers, _DROPPED_WITHOUT_BODY if status in (204, 304) else _DROPPED, (INTERNAL,))
        names = {name for name, _ in kept}
        kept += [field for field in _ADDED if field[0] not in names]
        if self._hsts is not None and b"strict-transport-security" not in names:
            kept.append((b"strict-transport-security", self._hsts))
        kept += [(b"date", date()), (b"x-request-id", self._request_id.encode("ascii"))]
        return kept


def date() -> bytes:
    """Now, as RFC 9110 §6.6.1 wants it said."""
    return _date(int(time.time()))


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode("ascii")
