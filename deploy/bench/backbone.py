"""What the backbone costs, as ratios within one run: each part is a file with a `measure`."""

import os
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Final

import structlog

from deploy.bench import latency, post, projection, read, relay, write
from deploy.bench.contest import Line, in_columns
from deploy.bench.edge import gateway, get
from deploy.bench.stage import Stage, staged, temporary_folder
from services.chassis.process import freeze


class Part(StrEnum):
    """What can be measured alone."""

    WRITE = "write"
    POST = "post"
    RELAY = "relay"
    PROJECTION = "projection"
    READ = "read"
    GATEWAY = "gateway"
    GET = "get"
    LATENCY = "latency"


MEASURES: Final[dict[Part, Callable[[Stage], Awaitable[list[Line]]]]] = {
    Part.WRITE: write.measure,
    Part.POST: post.measure,
    Part.RELAY: relay.measure,
    Part.PROJECTION: projection.measure,
    Part.READ: read.measure,
    Part.GATEWAY: gateway.measure,
    Part.GET: get.measure,
    Part.LATENCY: latency.measure,
}


async def measure(parts: Sequence[Part], say: Callable[[str], None], show: Callable[[str], None]) -> None:
    """Measure these parts on servers of their own, and show each as soon as it is known.

    Raises:
        Complaint: a server cannot be started.
    """
    freeze()  # as a service does once it is made
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # what is measured need not talk
    with temporary_folder() as folder:
        async with staged(folder) as stage:
            say(f"{os.cpu_count()} cores; Kafka: {stage.broker}")
            for part in parts:
                say(f"measuring: {part}, at load {os.getloadavg()[0]:.1f}")
                for line in in_columns(await MEASURES[part](stage)):
                    show(line)
