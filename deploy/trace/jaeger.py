"""The traces of a zone that runs elsewhere, as the HTTP API of its Jaeger gives them: `GET /api/traces`, JSON."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

from deploy.complaint import Complaint
from deploy.services import WITH_GATEWAY
from deploy.trace.collector import Span
from services.chassis.http import client as http_client
from services.chassis.http.client import Client, TransportError

USUAL: Final = "http://127.0.0.1:16686"
"""Where docker-compose.yml publishes it."""
DEADLINE: Final = 10.0
TRACES_AT_MOST: Final = 500
NANOSECONDS: Final = 1_000
"""In a microsecond, in which Jaeger tells times."""


class Jaeger:
    """A Jaeger, and since when its traces are looked through; it knows a trace only once it was exported."""

    def __init__(self, url: str) -> None:
        self.url, self._since = url, time.time_ns() // NANOSECONDS

    def of_trace(self, trace_id: str) -> list[Span]:
        """The spans of a trace, and those of other traces that link to it. Raises Complaint."""
        try:
            found = asyncio.run(self._found(trace_id))
        except (TransportError, TimeoutError, ValueError, KeyError) as error:
            raise Complaint(
                f"No Jaeger answers at {self.url} ({type(error).__name__}): see whether the zone runs with the profile "
                "observability, or name another address with --traces."
            ) from error
        return [span for span in found if span.trace_id == trace_id or trace_id in span.links]

    async def _found(self, trace_id: str) -> list[Span]:
        async with http_client.client(self.url, timeout=DEADLINE) as client:
            traces = await _traces(client, f"/api/traces/{trace_id}")
            for service in WITH_GATEWAY:  # a batch of several events is a trace of its own
                until = time.time_ns() // NANOSECONDS
                traces += await _traces(
                    client, "/api/traces", service=service, start=self._since, end=until, limit=TRACES_AT_MOST
                )
        return list({span.span_id: span for span in spans_in(traces)}.values())


async def _traces(client: Client, path: str, **params: str | int) -> list[dict[str, Any]]:
    """The traces in an answer; none where it does not know the trace yet, which it says by a 404."""
    answer = await client.get(path, params=params)
    if answer.status_code == 404:
        return []
    found: list[dict[str, Any]] = answer.json()["data"] or []
    return found


def spans_in(traces: Iterable[dict[str, Any]]) -> Iterator[Span]:
    """The spans of some traces as Jaeger writes them: a parent is a reference CHILD_OF, a link one FOLLOWS_FROM."""
    for trace in traces:
        for span in trace["spans"]:
            references = span.get("references") or []
            trace_id = span["traceID"].zfill(32)
            parents = [
                each["spanID"].zfill(16)
                for each in references
                if each["refType"] == "CHILD_OF" and each["traceID"].zfill(32) == trace_id
            ]
            yield Span(
                trace["processes"][span["processID"]]["serviceName"],
                span["operationName"],
                trace_id,
                span["spanID"].zfill(16),
                parents[0] if parents else "",
                frozenset(each["traceID"].zfill(32) for each in references if each["refType"] == "FOLLOWS_FROM"),
                span["startTime"] * NANOSECONDS,
                (span["startTime"] + span["duration"]) * NANOSECONDS,
            )
