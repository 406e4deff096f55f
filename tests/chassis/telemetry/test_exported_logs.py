"""To which trace a log record belongs that leaves by OTLP."""

import logging
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext

from services.chassis.telemetry.exported_logs import ExportedLogs

CURRENT = SpanContext(0xABC, 0xDEF, is_remote=False)
OTHER = "a" * 32


def exported(said: dict[str, Any]) -> tuple[int | None, int | None]:
    """Trace and span of what a line becomes that is said inside of `CURRENT`."""
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]  # the SDK's own omission
    provider = LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    record = logging.LogRecord("zone.consumer", logging.INFO, "", 0, said, None, None)
    with trace.use_span(NonRecordingSpan(CURRENT)):
        ExportedLogs(provider).emit(record)
    (found,) = exporter.get_finished_logs()
    return found.log_record.trace_id, found.log_record.span_id


@pytest.mark.parametrize(
    ("said", "trace_id", "span_id"),
    [
        ({"event": "ready"}, CURRENT.trace_id, CURRENT.span_id),
        ({"event": "request", "trace_id": f"{CURRENT.trace_id:032x}"}, CURRENT.trace_id, CURRENT.span_id),
        ({"event": "event_parked", "trace_id": OTHER}, int(OTHER, 16), 0),
        ({"event": "event_parked", "trace_id": "none of ours"}, CURRENT.trace_id, CURRENT.span_id),
    ],
)
def test_it_belongs_to_the_trace_that_its_line_names(said: dict[str, Any], trace_id: int, span_id: int) -> None:
    assert exported(said) == (trace_id, span_id)
