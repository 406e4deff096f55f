"""One span, one measurement and one log line for each request: the outermost layer of every process."""

import asyncio
import time
from functools import lru_cache
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.http.cut_short import say_cut_short
from services.chassis.telemetry.instruments import HTTP_DURATION
from services.chassis.telemetry.logs import AccessLog
from services.chassis.telemetry.tracing import begin_request

QUIET = ("/livez", "/readyz", "/metrics")
CALLER_LEFT = 499
"""Seen in logs and metrics only: nobody was there any more to be answered."""
SERIES = 4096
"""Of routes with their methods and statuses, whose attributes are kept."""


class RequestSpan:
    """ASGI layer: continues a valid `traceparent`, answers `X-Request-Id` (the trace id), measures until the last byte.

    A layer further in may name the route: its template in `scope["zone.route"]`. FastAPI's is found by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        method, started = scope["method"], time.perf_counter()
        span = begin_request(method, scope["path"], trace_context(scope))
        ids = span.get_span_context()
        scope["zone.request_id"] = request_id = format(ids.trace_id, "032x")
        answer = _Answer(send, request_id)
        with trace.use_span(span, end_on_exit=True):
            try:
                await self._app(scope, receive, answer)
            except asyncio.CancelledError:  # by a stop of the server, and by nobody else
                if answer.status is None:
                    await say_cut_short(scope, answer)
                raise
            except Exception:
                if answer.status is None:
                    raise  # else whoever answered 500 has logged it before it was raised once more
            finally:
                seconds = time.perf_counter() - started
                route, status = route_of(scope), answer.status or CALLER_LEFT
                if span.is_recording():
                    self._describe(span, method, route, status, cut=answer.is_cut)
                HTTP_DURATION.record(seconds, _labels(method, route, status))
                words = {"cut": True} if answer.is_cut else {}
                AccessLog.say(ids, method=method, route=route, status=status, ms=round(seconds * 1000, 1), **words)

    @staticmethod
    def _describe(span: trace.Span, method: str, route: str, status: int, *, cut: bool) -> None:
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if status >= 500 or cut:
            span.set_status(StatusCode.ERROR, "the answer was cut off" if cut else None)


class _Answer:
    """Passes an answer on, with its request id, and sees how far it got."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._is_complete = False
        self._id = (b"x-request-id", request_id.encode())
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            fields = [field for field in message.get("headers", ()) if field[0] != b"x-request-id"]
            fields.append(self._id)
            message["headers"] = fields
        await self._send(message)
        self._is_complete = message["type"] == "http.response.body" and not message.get("more_body", False)

    @property
    def is_cut(self) -> bool:
        """Begun, and never brought to its end."""
        return self.status is not None and not self._is_complete


def trace_context(scope: Scope) -> dict[str, str]:
    """The caller's W3C trace context; of a `traceparent` that stands twice nobody knows which is meant."""
    parents = [value for name, value in scope["headers"] if name == b"traceparent"]
    if len(parents) != 1:
        return {}
    states = b",".join(value for name, value in scope["headers"] if name == b"tracestate")
    return {"traceparent": parents[0].decode("latin-1"), "tracestate": states.decode("latin-1")}


def route_of(scope: Scope) -> str:
    """The template of the route that was taken, `unmatched` where there was none (never the raw path: it has ids)."""
    route: Any = scope.get("zone.route") or getattr(scope.get("route"), "path_format", None)
    return route or "unmatched"


@lru_cache(maxsize=SERIES)
def _labels(method: str, route: str, status: int) -> dict[str, str | int]:
    return {"http.request.method": method, "http.route": route, "http.response.status_code": status}
