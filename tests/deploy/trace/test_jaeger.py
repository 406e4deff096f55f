"""The traces of a zone in containers, as its Jaeger tells them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from deploy.commands.trace_picture import seen_elsewhere
from deploy.complaint import Complaint
from deploy.machine.ports import free_port
from deploy.public_api import Access
from deploy.trace.collector import Span
from deploy.trace.jaeger import Jaeger, spans_in

TRACE, BATCH = "0" + "a" * 31, "b" * 32


def trace(trace_id: str, service: str, name: str, *references: tuple[str, str, str]) -> dict[str, Any]:
    """A trace of one span, from 5 µs on for 2 µs."""
    told = [{"refType": kind, "traceID": of, "spanID": span} for kind, of, span in references]
    span = {"traceID": trace_id, "spanID": name[0] * 16, "operationName": name, "references": told, "processID": "p1"}
    spans = [span | {"startTime": 5, "duration": 2}]
    return {"traceID": trace_id, "spans": spans, "processes": {"p1": {"serviceName": service}}}


@contextmanager
def jaeger(by_path: dict[str, list[dict[str, Any]]]) -> Iterator[Jaeger]:
    """A server that answers these traces by what is asked for, and 404 for all others."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.path.partition("&")[0]
            body = json.dumps({"data": by_path.get(asked)}).encode()
            self.send_response(200 if asked in by_path or "?" in asked else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Jaeger(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_span_has_its_service_its_parent_and_its_times_in_nanoseconds() -> None:
    told = trace(TRACE.lstrip("0"), "registry", "create x", ("CHILD_OF", TRACE, "f" * 16))
    assert list(spans_in([told])) == [
        Span("registry", "create x", TRACE, "c" * 16, "f" * 16, frozenset(), 5_000, 7_000)
    ]


def test_a_batch_is_found_by_its_link_and_what_is_not_linked_is_left_out() -> None:
    batch = trace(BATCH, "metrics", "process x", ("FOLLOWS_FROM", TRACE, "c" * 16))
    other = trace("c" * 32, "metrics", "other")
    with jaeger(
        {
            f"/api/traces/{TRACE}": [trace(TRACE, "registry", "create x")],
            "/api/traces?service=metrics": [batch, other],
        }
    ) as known:
        assert [(span.service, span.name) for span in known.of_trace(TRACE)] == [
            ("registry", "create x"),
            ("metrics", "process x"),
        ]


def test_a_trace_that_has_not_been_exported_yet_is_empty() -> None:
    with jaeger({}) as known:
        assert known.of_trace(TRACE) == []


def test_where_no_jaeger_answers_nothing_is_registered() -> None:
    nobody = Jaeger(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Complaint, match=r"No Jaeger answers at .*: see whether the zone runs with the profile"):
        seen_elsewhere(Access("http://zone.example", "zk_live_1"), nobody)
