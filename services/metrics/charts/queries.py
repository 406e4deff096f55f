"""Reads of charts: a series through the same read as everyone's, and the targets of its cell with their status."""

from datetime import date
from fractions import Fraction

from services.chassis.consuming.heard import Heard
from services.chassis.store.unit_of_work import Tx
from services.metrics.charts.chart import STEPS, Aim, Bar, Chart, Corner
from services.metrics.figures.dimensions import key_of
from services.metrics.figures.kpi import Kpi
from services.metrics.figures.periods import DAY
from services.metrics.figures.rates import Number
from services.metrics.reading import queries
from services.metrics.reading.question import SeriesQuestion
from services.metrics.reading.views import Series
from services.metrics.targets.queries import judged
from services.metrics.targets.target import Target
from services.metrics.targets.trajectory import Trajectory

MOST_TARGETS = 3
"""Of a chart: those that are due last."""
LOOKED_AT = 1_000


async def chart_of(tx: Tx, heard: Heard, asked: SeriesQuestion) -> tuple[Chart, Series]:
    """A series as it is drawn, with the targets that are due after its first day."""
    series = await queries.series(tx, heard, asked)
    kpi, happens = asked.kpi, asked.kpi.kind == "flow"
    bars = [
        Bar(
            period.name,
            period.first,
            period.end if happens or asked.is_ahead else max(min(period.end, asked.end), period.first + DAY),
            None if point.value is None else shown(kpi, point.value),
            point.complete,
        )
        for period, point in zip(asked.periods, series.points, strict=True)
    ]
    cell = ", ".join(f"{name} {value}" for name, value in asked.dims.items())
    about = [kpi.unit, *([cell] if cell else []), f"by {asked.granularity}", f"as of {asked.as_of}"]
    aims = await _aims(tx, heard, asked)
    return Chart(kpi.name.en, " · ".join(about), kpi.unit, bars, happens, aims), series


async def _aims(tx: Tx, heard: Heard, asked: SeriesQuestion) -> list[Aim]:
    found = await tx.select(Target, {"kpi": asked.kpi.id}, sort=(("_id", 1),), limit=LOOKED_AT)
    key, first = key_of(asked.dims), asked.periods[0].first
    of_cell = sorted(
        (each for each in found if key_of(each.dims) == key and each.due_on > first), key=lambda each: each.due_on
    )
    return [await _aim(tx, heard, asked.kpi, target, asked.as_of) for target in of_cell[-MOST_TARGETS:]]


async def _aim(tx: Tx, heard: Heard, kpi: Kpi, target: Target, as_of: date) -> Aim:
    judgement, _ = await judged(tx, heard, target, as_of)
    way = corners(kpi, target.path) if target.path else []
    return Aim(shown(kpi, target.goal), target.due_on, judgement.status, way)


def corners(kpi: Kpi, path: Trajectory) -> list[Corner]:
    """A trajectory from its first day to its last, through its milestones."""
    length = (path.ends_on - path.begins_on).days
    days = {path.begins_on + DAY * (length * step // STEPS) for step in range(STEPS + 1)}
    days |= {each.on for each in path.milestones}
    return [Corner(on, shown(kpi, path.expected(path.elapsed(on)))) for on in sorted(days)]


def shown(kpi: Kpi, value: Number | int) -> float:
    """A value in the unit of its figure."""
    return float(Fraction(str(value)) / 10**kpi.decimals)
