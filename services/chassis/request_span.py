"""One span, one measurement and one log line for each request: the outermost layer of every process."""

import time
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.instruments import HTTP_DURATION
from services.chassis.telemetry import propagator, tracer

QUIET = ("/livez", "/readyz", "/metrics")
log = structlog.get_logger("zone.http")


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
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method, started = scope["method"], time.perf_counter()
        status, answered = 500, False
        with tracer.start_as_current_span(
            method,
            context=propagator.extract(
                {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
            ),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "url.path": scope["path"]},
        ) as span:
            request_id = format(span.get_span_context().trace_id, "032x")
            scope["zone.request_id"] = request_id

            async def answer(message: Message) -> None:
                nonlocal status, answered
                if message["type"] == "http.response.start":
                    status, answered = message["status"], True
                    headers_out = [field for field in message.get("headers", ()) if field[0] != b"x-request-id"]
                    message["headers"] = [*headers_out, (b"x-request-id", request_id.encode())]
                await send(message)

            try:
                await self._app(scope, receive, answer)
            except Exception:
                if not answered:
                    raise  # whoever answers 500 and then raises once more has logged it already
            finally:
                seconds = time.perf_counter() - started
                route = route_of(scope)
                self._describe(span, method, route, status)
                HTTP_DURATION.record(
                    seconds,
                    {"http.request.method": method, "http.route": route, "http.response.status_code": status},
                )
                log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))

    @staticmethod
    def _describe(span: trace.Span, method: str, route: str, status: int) -> None:
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_status(StatusCode.ERROR)


def route_of(scope: Scope) -> str:
    """The template of the route that was taken, `unmatched` where there was none (never the raw path: it has ids)."""
    route: Any = scope.get("zone.route") or getattr(scope.get("route"), "path_format", None)
    return route or "unmatched"
