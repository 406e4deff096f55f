"""What the backbone costs, as ratios within one run: each part is a file with a `measure`."""

from enum import StrEnum
from typing import Final

from deploy.bench import latency, post, projection, read, relay, write
from deploy.bench.edge import gateway, get
from deploy.bench.stage import Measure


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


MEASURES: Final[dict[Part, Measure]] = {
    Part.WRITE: write.measure,
    Part.POST: post.measure,
    Part.RELAY: relay.measure,
    Part.PROJECTION: projection.measure,
    Part.READ: read.measure,
    Part.GATEWAY: gateway.measure,
    Part.GET: get.measure,
    Part.LATENCY: latency.measure,
}
