"""The span of a batch: linked to what created its events, where somebody looks."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler
from opentelemetry.trace import SpanKind

from services.chassis.domain.envelope import Envelope
from services.chassis.telemetry import tracing
from services.chassis.telemetry.tracing import LINKS_AT_MOST, messaging_span
from services.chassis.testing.moments import NOON


def envelope(number: int, traceparent: str | None = "") -> Envelope:
    return Envelope(
        id=f"pot_1:{number:010d}",
        source="/test",
        type="zone.test.pot.painted.v1",
        subject="pot_1",
        sequence=number,
        time=NOON,
        topic="zone.test.pots",
        key="pot_1",
        data=b"{}",
        traceparent=f"00-{number:032x}-{number:016x}-01" if traceparent == "" else traceparent,
    )


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(tracing, "tracer", tracer_with(exporter, ALWAYS_ON))
    return exporter


def tracer_with(exporter: InMemorySpanExporter, sampler: Sampler) -> object:
    provider = TracerProvider(sampler=sampler)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider.get_tracer("test")


def test_a_batch_is_linked_to_the_spans_that_created_its_events(spans: InMemorySpanExporter) -> None:
    with messaging_span("send", SpanKind.PRODUCER, "", [envelope(1), envelope(2, None), envelope(3)]):
        pass
    (span,) = spans.get_finished_spans()
    assert [link.context.span_id for link in span.links] == [1, 3]


def test_a_large_batch_has_as_many_links_as_a_span_may_have(spans: InMemorySpanExporter) -> None:
    with messaging_span("send", SpanKind.PRODUCER, "", [envelope(number) for number in range(1, 500)]):
        pass
    (span,) = spans.get_finished_spans()
    assert len(span.links) == LINKS_AT_MOST


def test_where_nobody_looks_no_link_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "tracer", tracer_with(InMemorySpanExporter(), ALWAYS_OFF))
    read: list[object] = []
    monkeypatch.setattr(tracing, "creators_of", read.append)
    with messaging_span("send", SpanKind.PRODUCER, "", [envelope(1), envelope(2)]):
        pass
    assert not read
