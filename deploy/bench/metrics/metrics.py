"""What metrics costs, as ratios within one run: each part is a file with a `measure`."""

from enum import StrEnum
from typing import Final

from deploy.bench import latency
from deploy.bench.metrics import projection, reads, rebuild
from deploy.bench.stage import Measure


class Part(StrEnum):
    """What can be measured alone."""

    READS = "reads"
    PROJECTION = "projection"
    REBUILD = "rebuild"
    LATENCY = "latency"


MEASURES: Final[dict[Part, Measure]] = {
    Part.READS: reads.measure,
    Part.PROJECTION: projection.measure,
    Part.REBUILD: rebuild.measure,
    Part.LATENCY: latency.measure,
}
