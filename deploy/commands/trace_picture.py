"""`./zone trace-picture`: docs/trace.svg, drawn from what a real run exports by OTLP."""

import asyncio
import os
import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.launch.launcher import Launcher
from deploy.machine.ports import free_port
from deploy.machine.zone_folder import ROOT, ZoneFolder
from deploy.public_api import Access
from deploy.terminal import say
from deploy.trace.collector import Collector, Span, collector
from deploy.trace.registration import Caller, one_registration
from deploy.trace.waterfall import waterfall

TITLE = "From a partner's registration to the zone's KPI"
WANTED = {("registry", "send"), ("metrics", "process"), ("incubator", "process")}
PATIENCE_S = 30.0


def trace_picture(
    file: Annotated[Path, typer.Option(help="Where the picture goes.")] = ROOT / "docs" / "trace.svg",
) -> None:
    """Run a zone of its own, register a business in it, and draw the trace from the request to the KPI."""
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
        spans = seen_registration(Launcher(folder, port=free_port(), kafka=kafka, say=say), traces)
    file.write_text(waterfall(spans, TITLE))
    say(f"{len(spans)} spans drawn in {file}")


def seen_registration(launcher: Launcher, traces: Collector) -> list[Span]:
    """Start the zone, register, stop it, and return what it exported of that. Raises Complaint."""
    try:
        asyncio.run(launcher.start())
        key = launcher.folder.operator_key.read_text().strip()
        caller = asyncio.run(one_registration(Access(launcher.url, key)))
        _wait_for(traces, caller)
    finally:
        launcher.stop()
    return [*caller.spans, *traces.of_trace(caller.trace_id)]


def _wait_for(traces: Collector, caller: Caller) -> None:
    """Until everyone who hears of the registration has exported what it did."""
    deadline = time.monotonic() + PATIENCE_S
    while missing := WANTED - {(span.service, span.name.split()[0]) for span in traces.of_trace(caller.trace_id)}:
        if time.monotonic() > deadline:
            lacks = ", ".join(f"{operation} of {service}" for service, operation in sorted(missing))
            raise Complaint(f"The trace lacks {lacks}.")
        time.sleep(0.1)
