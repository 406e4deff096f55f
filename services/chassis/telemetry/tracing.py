"""Traces: one span a request, the creator's context in every event, links from a batch to its events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from random import getrandbits
from typing import Protocol

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler, SamplingResult
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes


class Created(Protocol):
    """An event on its way, with the trace context in which it was created: an envelope, or a record."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def traceparent(self) -> str | None: ...
    @property
    def tracestate(self) -> str | None: ...


LINKS_AT_MOST = 128

tracer = trace.get_tracer("zone")
is_exporting = False
"""Whether spans leave this process; `export.set_up_telemetry` says so."""
propagator = TraceContextTextMapPropagator()


class OfSomeConcern(Sampler):
    """A sampler: every trace but those that a query would begin; leases, heartbeats and idle streams concern nobody."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        sampler = ALWAYS_OFF if kind is SpanKind.CLIENT else ALWAYS_ON
        return sampler.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return "OfSomeConcern"


def begin_request(method: str, path: str, sent: Mapping[str, str]) -> Span:
    """The span of a request, which continues a valid trace context that was sent; not the current one yet.

    Where nobody exports spans it has ids and nothing else: a tenth of the time.
    """
    caller = propagator.extract(sent) if sent else Context()
    if is_exporting:
        attributes = {"http.request.method": method, "url.path": path}
        return tracer.start_span(method, context=caller, kind=SpanKind.SERVER, attributes=attributes)
    parent = trace.get_current_span(caller).get_span_context()
    if parent.is_valid:
        return _of_ids(parent.trace_id, parent.trace_flags, parent.trace_state)
    return _of_ids(getrandbits(128) or 1, TraceFlags(), None)


def _of_ids(trace_id: int, flags: TraceFlags, state: TraceState | None) -> Span:
    return NonRecordingSpan(
        SpanContext(trace_id, getrandbits(64) or 1, is_remote=False, trace_flags=flags, trace_state=state)
    )


def trace_id() -> str:
    """The id of the current trace, 32 hex digits; all zeros outside any."""
    return format(trace.get_current_span().get_span_context().trace_id, "032x")


def current_context() -> dict[str, str]:
    """The W3C headers of the current span: `traceparent` and, where there is one, `tracestate`."""
    carrier: dict[str, str] = {}
    propagator.inject(carrier)
    return carrier


def creation_context(topic: str, wire_name: str) -> dict[str, str]:
    """The context in which an event was created, kept in its row and carried unchanged in its headers."""
    with tracer.start_as_current_span(
        f"create {topic}",
        kind=SpanKind.PRODUCER,
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.type": "create",
            "messaging.destination.name": topic,
            "cloudevents.event_type": wire_name,
        },
    ):
        return current_context()


def creators_of(events: Iterable[Created]) -> Iterator[SpanContext]:
    """The spans that created these events, at most `LINKS_AT_MOST`."""
    found = (event.traceparent for event in events if event.traceparent)
    for traceparent in islice(found, LINKS_AT_MOST):
        yield trace.get_current_span(propagator.extract({"traceparent": traceparent})).get_span_context()


@contextmanager
def messaging_span(operation: str, kind: SpanKind, group: str, events: Sequence[Created]) -> Iterator[Span]:
    """The relay's `send` or a consumer's `process` of some events: linked to each, child of a single one.

    A batch is no one's child: a tree that showed it under one of its events would lie about the others.
    """
    topics = {event.topic for event in events}
    attributes: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": operation,
        "messaging.destination.name": ",".join(sorted(topics)),
        "messaging.batch.message_count": len(events),
    }
    if kind is SpanKind.CONSUMER:
        attributes["messaging.consumer.group.name"] = group
    parent = None
    if len(events) == 1:
        (only,) = events
        parent = propagator.extract({"traceparent": only.traceparent or "", "tracestate": only.tracestate or ""})
        if only.offset >= 0:
            attributes["messaging.destination.partition.id"] = str(only.partition)
            attributes["messaging.kafka.offset"] = only.offset
    with tracer.start_as_current_span(
        f"{operation} {attributes['messaging.destination.name']}",
        context=parent,
        kind=kind,
        attributes=attributes,
    ) as span:
        if span.is_recording():  # a tenth of the relay's time, for nothing where nobody looks
            for creator in creators_of(events):
                span.add_link(creator)
        yield span
