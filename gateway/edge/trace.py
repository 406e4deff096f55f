"""Trace context of a request: the caller's trace, or one that begins here (W3C Trace Context, level 1)."""

import re
from dataclasses import dataclass
from random import getrandbits

from opentelemetry import trace as opentelemetry

from gateway.headers import Headers, values

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_TRACESTATE_AT_MOST = 512


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace context: the thread that ties a request to everything it causes.

    Attributes:
        id: 32 hex digits; also the request id that the caller is told.
        headers: `traceparent` and, where the caller's trace goes on, its `tracestate`, for the upstream.
    """

    id: str
    headers: Headers


def trace_of(headers: Headers) -> Trace:
    """The trace of a request: of the span that is open around it, else the caller's, else a new one.

    A `traceparent` that is malformed, all zeros, or sent twice is ignored, as §3.2 asks.
    """
    open_span = opentelemetry.get_current_span().get_span_context()
    if open_span.is_valid:
        state = open_span.trace_state.to_header().encode("latin-1")
        return _trace(open_span.trace_id, open_span.span_id, open_span.trace_flags, state)
    sent = values(headers, b"traceparent")
    match = _TRACEPARENT.fullmatch(sent[0]) if len(sent) == 1 else None
    if match is not None:
        version, trace_id, parent = (int(match[part], 16) for part in (1, 2, 3))
        if version != 255 and trace_id and parent and not (version == 0 and match[5]):
            state = b",".join(values(headers, b"tracestate"))
            return _trace(trace_id, getrandbits(64) | 1, int(match[4], 16) & 1, state)
    return _trace(getrandbits(128) | 1, getrandbits(64) | 1, 1, b"")


def _trace(trace_id: int, span_id: int, flags: int, state: bytes) -> Trace:
    parent = f"00-{trace_id:032x}-{span_id:016x}-{flags:02x}".encode("ascii")
    headers = [(b"traceparent", parent)]
    if state and len(state) <= _TRACESTATE_AT_MOST:
        headers.append((b"tracestate", state))
    return Trace(f"{trace_id:032x}", headers)
