"""Structured logs: a static event name and fields, with the trace id; ids instead of objects, never personal data."""

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
import structlog
from opentelemetry import trace
from opentelemetry.trace import SpanContext
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.telemetry.lines import Lines

NOISY = ("aiokafka", "kafka", "pymongo", "httpx", "httpcore", "uvicorn.access", "asyncio")
"""Libraries whose own log of an outage is a thousand lines; we log one line for each change of state."""

REQUESTS = "zone.http"
AS_A_LINE = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
requests = structlog.get_logger(REQUESTS)
applied_trace: ContextVar[str] = ContextVar("applied_trace", default="")
"""The id of the trace in which the event was recorded that a consumer applies at the moment, else empty."""


def with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the current trace and span id, by which a log line is found from a trace and back.

    While an event is applied the trace is that in which it was recorded: the span of a batch is no event's own.
    """
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
        event["span_id"] = format(context.span_id, "016x")
    if (caused_by := applied_trace.get()) and event.get("trace_id") != caused_by:
        event["trace_id"] = caused_by
        event.pop("span_id", None)
    return event


class AccessLog:
    """One line for each request, at the level `info`.

    As it is most of what is logged, a JSON line is written past structlog, with the same fields, and held until
    others can be written with it; whatever else is logged comes behind it all the same.
    """

    _lines: Lines | None = None
    _service = ""

    @classmethod
    def set_up(cls, service: str, lines: Lines | None) -> None:
        """From now on to `lines`, or as everything else where there are none."""
        cls._service, cls._lines = service, lines

    @classmethod
    def say(cls, span: SpanContext, **fields: str | float | bool) -> None:
        """Say how a request ended. `span` is its own, and the current one."""
        if cls._lines is None:
            requests.info("request", **fields)
        elif logging.getLogger(REQUESTS).isEnabledFor(logging.INFO):
            said = {
                **fields,
                "event": "request",
                "service": cls._service,
                "level": "info",
                "logger": REQUESTS,
                "trace_id": format(span.trace_id, "032x"),
                "span_id": format(span.span_id, "016x"),
                "timestamp": datetime.now(UTC),
            }
            cls._lines.hold(orjson.dumps(said, option=AS_A_LINE))


def _json(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def set_up_logs(service: str, *, log_format: Literal["console", "json"], level: str = "INFO") -> None:
    """Log to standard output: readable lines in development, one JSON object a line elsewhere."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(serializer=_json)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        with_trace,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = Lines(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ]
            if log_format == "json"
            else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.contextvars.bind_contextvars(service=service)
    AccessLog.set_up(service, handler if log_format == "json" else None)
