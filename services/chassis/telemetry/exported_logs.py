"""Log records by OTLP: what a line says, as the event, its fields and the trace that it belongs to."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.trace import NonRecordingSpan, SpanContext, set_span_in_context

from services.chassis.telemetry.tracing import trace_id

SEVERITIES: Final[Mapping[str, SeverityNumber]] = {
    "DEBUG": SeverityNumber.DEBUG,
    "INFO": SeverityNumber.INFO,
    "WARNING": SeverityNumber.WARN,
    "ERROR": SeverityNumber.ERROR,
    "CRITICAL": SeverityNumber.FATAL,
}
OF_THE_RECORD: Final = frozenset(
    {"event", "level", "logger", "timestamp", "trace_id", "span_id", "service", "exc_info"}
)
"""Fields of a line that a record has places of its own for, or that its resource says."""
TRACE_ID: Final = re.compile("[0-9a-f]{32}")
NO_SPAN: Final = 0
ABOUT_EXPORT: Final = ("opentelemetry", "urllib3", "requests")
"""Whose lines stay here: what an export says of itself would be exported again."""


class ExportedLogs(logging.Handler):
    """A handler beside the one that writes lines: hands every record to OpenTelemetry (its own handler is deprecated,
    and takes structlog's fields for one text)."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._provider = provider

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in ABOUT_EXPORT:
            return
        said: dict[str, Any] = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        fields = {name: _value(value) for name, value in said.items() if name not in OF_THE_RECORD}
        self._provider.get_logger(record.name).emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                context=_context(said),
                severity_number=SEVERITIES.get(record.levelname, SeverityNumber.UNSPECIFIED),
                severity_text=record.levelname,
                body=str(said.get("event", "")),
                attributes=fields,
                exception=_exception(said.get("exc_info") or record.exc_info),
            )
        )


def _context(said: Mapping[str, Any]) -> Context | None:
    """Of the trace that a line names; None where it names none or the current one, of which more is known.

    What a consumer says of an event belongs to the trace in which that was recorded, and to no span of it.
    """
    named = str(said.get("trace_id", ""))
    if not TRACE_ID.fullmatch(named) or named == trace_id():
        return None
    return set_span_in_context(NonRecordingSpan(SpanContext(int(named, 16), NO_SPAN, is_remote=True)), Context())


def _value(value: Any) -> str | bool | int | float:
    return value if isinstance(value, str | bool | int | float) else str(value)


def _exception(found: Any) -> BaseException | None:
    """The exception of a record, given as itself, as `sys.exc_info()`, or as True for the one that is handled now."""
    error = sys.exception() if found is True else found[1] if isinstance(found, tuple) else found
    return error if isinstance(error, BaseException) else None
