"""What a process exports, and where to: one span, one measurement and one line, as a collector sees them."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry import metrics, trace
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, InMemoryLogRecordExporter
from opentelemetry.sdk.trace import TracerProvider

from services.chassis.telemetry import export
from services.chassis.telemetry.export import flush_telemetry

PROCESS = """
import asyncio
import structlog
from services.chassis.telemetry.export import flush_telemetry, set_up_telemetry
from services.chassis.telemetry.instruments import RELAY_LEADER
from services.chassis.telemetry.logs import AccessLog, set_up_logs
from services.chassis.telemetry.tracing import tracer

set_up_logs("pots", log_format="json")
set_up_telemetry("pots")
RELAY_LEADER.set(1)

async def paint():
    with tracer.start_as_current_span("paint") as span:
        AccessLog.say(span.get_span_context(), method="GET", route="/v1/pots", status=200, ms=1.5)
        try:
            raise OSError("cracked")
        except OSError:
            structlog.get_logger("zone.pots").exception("pot_cracked", pot_id="pot_1")

asyncio.run(paint())
flush_telemetry()
"""
HEADERS = {"OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=pots"}


@dataclass
class Collector:
    """Where it listens, and what came: path and body, with the header `x-tenant`."""

    url: str
    bodies: dict[str, bytes] = field(default_factory=dict)
    tenants: set[str | None] = field(default_factory=set)


@pytest.fixture
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.bodies[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            came.tenants.add(self.headers["x-tenant"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    came = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield came
    server.shutdown()
    server.server_close()
    thread.join()


def run(**told: str) -> str:
    """What a process with these variables writes to its output."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    ran = subprocess.run([sys.executable, "-c", PROCESS], env=kept | told, capture_output=True, text=True, check=True)
    return ran.stdout


def traced(written: str) -> str:
    """The one trace id of all lines."""
    (trace_id,) = {line.partition('"trace_id":"')[2][:32] for line in written.splitlines()}
    return trace_id


def test_all_signals_go_to_one_collector_with_its_headers(collector: Collector) -> None:
    written = run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **HEADERS)
    assert collector.bodies.keys() == {"/v1/traces", "/v1/metrics", "/v1/logs"}
    assert collector.tenants == {"pots"}
    (measured,) = ExportMetricsServiceRequest.FromString(collector.bodies["/v1/metrics"]).resource_metrics
    assert {each.name for scope in measured.scope_metrics for each in scope.metrics} == {"zone.relay.leader"}
    (logged,) = ExportLogsServiceRequest.FromString(collector.bodies["/v1/logs"]).resource_logs
    lines = {record.body.string_value: record for scope in logged.scope_logs for record in scope.log_records}
    assert lines.keys() == {"request", "pot_cracked"}
    fields = {each.key: each.value.string_value for each in lines["pot_cracked"].attributes}
    assert (fields["pot_id"], fields["exception.type"], fields["exception.message"]) == ("pot_1", "OSError", "cracked")
    assert "exc_info" not in fields
    assert {record.trace_id.hex() for record in lines.values()} == {traced(written)}


def test_where_only_traces_were_asked_for_nothing_else_is_sent(collector: Collector) -> None:
    written = run(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{collector.url}/mine/spans")
    assert collector.bodies.keys() == {"/mine/spans"}
    assert written.count("pot_cracked") == 1


def test_a_collector_that_takes_nothing_does_not_hold_up_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, given_up = threading.Event(), threading.Event()

    class Stuck(InMemoryLogRecordExporter):
        def shutdown(self) -> None:
            let_go.wait(10)
            given_up.set()

    exporter = Stuck()  # type: ignore[no-untyped-call]  # it has no types
    stuck = LoggerProvider(shutdown_on_exit=False)
    stuck.add_log_record_processor(BatchLogRecordProcessor(exporter))
    monkeypatch.setattr(export, "EXPORT_TIMEOUT", 0.01)
    monkeypatch.setattr(export, "get_logger_provider", lambda: stuck)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: TracerProvider(shutdown_on_exit=False))
    monkeypatch.setattr(metrics, "get_meter_provider", lambda: None)
    flush_telemetry()
    assert not given_up.is_set()
    let_go.set()
    assert given_up.wait(10)
