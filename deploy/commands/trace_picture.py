"""`./zone trace-picture`: a registration as a picture, such as docs/trace.svg, drawn from what a real run exports."""

import asyncio
import os
import shutil
import time
from pathlib import Path
from typing import Annotated, Protocol

import typer

from deploy.complaint import Complaint
from deploy.launch.launcher import Launcher
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ROOT, ZoneFolder
from deploy.named_zone import Key, Url, access
from deploy.public_api import Access
from deploy.terminal import say
from deploy.trace.collector import Span, collector
from deploy.trace.jaeger import USUAL, Jaeger
from deploy.trace.registration import Caller, one_registration
from deploy.trace.waterfall import waterfall

TITLE = "From a partner's registration to the zone's KPI"
WANTED = {("registry", "send"), ("metrics", "process"), ("incubator", "process")}
PATIENCE_S = 30.0


class Traces(Protocol):
    """Whoever keeps what processes exported."""

    def of_trace(self, trace_id: str) -> list[Span]:
        """The spans of a trace, and those of other traces that link to it."""


def trace_picture(
    file: Annotated[Path | None, typer.Option(help="Where the picture goes; by default .zone/trace.svg.")] = None,
    url: Url = None,
    key: Key = None,
    traces: Annotated[str, typer.Option("--traces", help="With --url: the Jaeger of that zone.")] = USUAL,
) -> None:
    """Register a synthetic business, and draw the trace from the request to the KPI.

    By default in a zone of its own, of which nothing is left; with --url in the zone there, where the business stays.
    """
    spans = seen_elsewhere(access(url, key), Jaeger(traces)) if url or key else _in_a_zone_of_its_own()
    say(f"{len(spans)} spans drawn in {ZoneFolder.usual().keep_picture(waterfall(spans, TITLE), 'trace', file)}")


def seen_elsewhere(zone: Access, traces: Traces) -> list[Span]:
    """Register in a zone that runs, and return what it exported of that. Raises Complaint."""
    traces.of_trace("0" * 32)  # before anything is registered: whether it answers at all
    caller = asyncio.run(one_registration(zone))
    return _seen(caller, traces)


def _in_a_zone_of_its_own() -> list[Span]:
    folder = ZoneFolder(ROOT / ".zone" / "trace")
    with folder.claimed() as ours, collector() as traces:
        if not ours:
            raise Complaint("Another picture is being made here: wait for its end.")
        folder.forget_data()
        os.environ |= {
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{traces.endpoint}/v1/traces",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        kafka = os.environ.get("ZONE_KAFKA") or "auto"
        try:
            spans = seen_registration(Launcher(folder, port=free_port(), kafka=kafka, say=say), traces)
        except Complaint:
            folder.forget_data()  # the logs may say more
            raise
    shutil.rmtree(folder.path, ignore_errors=True)
    return spans


def seen_registration(launcher: Launcher, traces: Traces) -> list[Span]:
    """Start the zone, register, stop it, and return what it exported of that. Raises Complaint."""
    try:
        asyncio.run(launcher.start())
        key = launcher.folder.operator_key.read_text().strip()
        return _seen(asyncio.run(one_registration(Access(launcher.url, key))), traces)
    finally:
        launcher.stop()


def _seen(caller: Caller, traces: Traces) -> list[Span]:
    """The spans of caller and zone, once everyone who hears of the registration has exported what it did."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = traces.of_trace(caller.trace_id)
        missing = WANTED - {(span.service, span.name.split()[0]) for span in found}
        if not missing:
            return [*caller.spans, *found]
        if time.monotonic() > deadline:
            lacks = ", ".join(f"{operation} of {service}" for service, operation in sorted(missing))
            raise Complaint(f"The trace lacks {lacks}.")
        time.sleep(0.1)
