"""The span of a request: whose trace it continues, what is answered and said of it, and what is recorded."""

import re
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from services.chassis.http.request_span import RequestSpan
from services.chassis.telemetry import tracing
from services.chassis.telemetry.tracing import current_context, trace_id

SENT = f"00-{'a' * 32}-{'b' * 16}-01"
Fields = list[tuple[bytes, bytes]]


class App:
    """An application that answers, and remembers where in which trace it was asked."""

    def __init__(self, status: int = 200, *, whole: bool = True, fails: bool = False) -> None:
        self._status, self._whole, self._fails = status, whole, fails
        self.context: dict[str, str] = {}
        self.trace_id = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.context, self.trace_id = current_context(), trace_id()
        scope["zone.route"] = "/v1/pots/{id}"
        if self._fails:
            raise RuntimeError
        headers = [(b"content-type", b"text/plain"), (b"x-request-id", b"of somebody else")]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": b"a pot", "more_body": not self._whole})


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """The spans of a process that exports them."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", provider.get_tracer("test"))
    monkeypatch.setattr(tracing, "is_exporting", True)
    return exporter


async def ask(app: App, headers: Fields | None = None) -> tuple[Fields, dict[str, Any]]:
    """The fields of an answer, and what was logged of the request."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/v1/pots/1", "headers": headers or []}
    with capture_logs() as logged:
        try:
            await RequestSpan(app)(scope, receive, send)
        except RuntimeError:
            sent.append({"headers": []})
    (line,) = [line for line in logged if line["event"] == "request"]
    return sent[0]["headers"], dict(line)


async def test_a_trace_begins_and_its_id_is_the_request_id() -> None:
    one, other = App(), App()
    (fields, _), (others, _) = await ask(one), await ask(other)
    assert re.fullmatch("[0-9a-f]{32}", one.trace_id)
    assert fields == [(b"content-type", b"text/plain"), (b"x-request-id", one.trace_id.encode())]
    assert others[-1] == (b"x-request-id", other.trace_id.encode())
    assert one.trace_id != other.trace_id
    assert not trace.get_current_span().get_span_context().is_valid, "it is over"


@pytest.mark.parametrize("flags", ["00", "01"])
async def test_a_trace_goes_on_with_its_state_and_flags(flags: str) -> None:
    app = App()
    sent = [(b"traceparent", f"{SENT[:-2]}{flags}".encode()), (b"tracestate", b"a=1"), (b"tracestate", b"b=2")]
    fields, _ = await ask(app, sent)
    assert fields[-1] == (b"x-request-id", b"a" * 32)
    version, id, parent, passed_on = app.context["traceparent"].split("-")
    assert (version, id, passed_on) == ("00", "a" * 32, flags)
    assert parent not in ("b" * 16, "0" * 16)
    assert app.context["tracestate"] == "a=1,b=2"


@pytest.mark.parametrize(
    "sent",
    [
        [(b"traceparent", b"nonsense")],
        [(b"traceparent", f"00-{'0' * 32}-{'b' * 16}-01".encode())],
        [(b"traceparent", SENT.encode())] * 2,
        [(b"tracestate", b"a=1")],
    ],
    ids=["malformed", "zeros", "twice", "state alone"],
)
async def test_what_is_no_trace_begins_anew(sent: Fields) -> None:
    app = App()
    await ask(app, sent)
    assert app.trace_id not in ("a" * 32, "0" * 32)
    assert "tracestate" not in app.context


async def test_one_line_says_how_a_request_ended() -> None:
    _, line = await ask(App(status=404))
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/v1/pots/{id}",
        "status": 404,
    }


async def test_an_answer_that_was_cut_is_called_so() -> None:
    _, line = await ask(App(whole=False))
    assert line["cut"] is True


async def test_where_spans_are_exported_each_request_is_one(spans: InMemorySpanExporter) -> None:
    await ask(App(), [(b"traceparent", SENT.encode())])
    (span,) = spans.get_finished_spans()
    assert span.name == "GET /v1/pots/{id}"
    assert span.parent is not None
    assert span.parent.span_id == int("b" * 16, 16)
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "url.path": "/v1/pots/1",
        "http.route": "/v1/pots/{id}",
        "http.response.status_code": 200,
    }


async def test_a_span_says_that_its_request_failed(spans: InMemorySpanExporter) -> None:
    await ask(App(fails=True))
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert [event.name for event in span.events] == ["exception"]
