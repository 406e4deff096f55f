"""What the zone's operator sends of a target."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import LARGEST
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule, date_rule, rule
from services.metrics.catalogue.all import KPIS
from services.metrics.reading.bodies import CellDims, KpiName
from services.metrics.targets.target import Direction, goal_violations, grown
from services.metrics.targets.trajectory import Shape, TargetMilestone

MOST_PERCENT = 100_000
MOST_MILESTONES = 100

JudgedKpi = Annotated[
    KpiName,
    rule(
        lambda kpi: not KPIS[kpi].is_of_a_period,
        "kpi_of_a_period",
        "It is known of a period alone, and a target is judged on a day.",
    ),
]
"""The name of a KPI that has a value on a day."""
Value = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]


class SetBaseline(Part):
    """From where a target starts."""

    on: Day
    """The day; the target counts from its end on."""
    value: Value | None = None
    """As the KPI has it: shown / 10^decimals. Left out, it is what the KPI came to on that day."""


class Goal(Part):
    """What is to be reached: a value, or growth over the baseline."""

    value: Value | None = None
    """As the KPI has it: shown / 10^decimals."""
    growth_pct: Annotated[int, Field(ge=-100, le=MOST_PERCENT)] | None = None
    """In percent of the baseline: 300 is four times as much."""


class SetMilestone(Part):
    """What is to be reached on the way."""

    on: Day
    """By the end of this day."""
    value: Value
    """As the KPI has it: shown / 10^decimals."""


def measurable(baseline: SetBaseline | None, today: date) -> Iterator[Violation]:
    """What is wrong with a baseline on a day: it is to be measured, and its day has not come."""
    if baseline is not None and baseline.value is None and baseline.on > today:
        yield Violation("as_of_in_future", "Nobody knows the figures of a day that has not come.", ("on",))


def _reachable(goal: Goal, before: Before) -> Iterator[Violation]:
    if (goal.value is None) == (goal.growth_pct is None):
        yield Violation("goal_ambiguous", "A goal is a value, or growth over the baseline in percent.")
        return
    baseline = before.get("baseline")
    if goal.growth_pct is not None and "baseline" in before and baseline is None:
        yield Violation("baseline_required", "Growth is over a baseline.", ("growth_pct",))
    elif baseline is not None and baseline.value is not None and "direction" in before:
        yield from goal_violations(baseline.value, goal_of(goal, baseline.value), before["direction"])


def goal_of(goal: Goal, baseline: int | None) -> int | None:
    """The value of a goal; None where it is larger than JSON takes."""
    if goal.growth_pct is None or baseline is None:
        return goal.value
    return grown(baseline, goal.growth_pct)


def _after_baseline(due_on: date, before: Before) -> Iterator[Violation]:
    baseline = before.get("baseline")
    if baseline is not None and due_on <= baseline.on:
        yield Violation("due_before_baseline", "A target is due after the day of its baseline.")


def _on_the_way(milestones: list[SetMilestone], before: Before) -> Iterator[Violation]:
    if milestones and "baseline" in before and before["baseline"] is None:
        yield Violation("baseline_required", "A way begins at a baseline.")
    for place, (one, other) in enumerate(pairwise(milestones), start=1):
        if other.on <= one.on:
            yield Violation("milestone_order", "Each milestone is later than the one before.", (place, "on"))
    begins_on, due_on = getattr(before.get("baseline"), "on", date.min), before.get("due_on", date.max)
    for place, each in enumerate(milestones):
        if not begins_on < each.on < due_on:
            detail = "A milestone lies between the baseline and the day on which the target is due."
            yield Violation("milestone_order", detail, (place, "on"))


def _with_its_milestones(shape: Shape | None, before: Before) -> Iterator[Violation]:
    if shape is not None and "milestones" in before and (shape is Shape.MILESTONES) != bool(before["milestones"]):
        yield Violation("milestones_mismatch", "A trajectory of milestones has some, and no other one has any.")


class SetTarget(Part):
    """A target for one figure."""

    kpi: JudgedKpi
    """The figure; `/kpis/{id}` says what it means."""
    dims: CellDims = {}  # noqa: RUF012 – pydantic copies it
    """The cell by its dimensions, such as `{"kind": "cloud"}`; empty for the total."""
    direction: Annotated[Direction, Field(strict=False)] = Direction.UP
    """Which side of the goal is the right one."""
    baseline: Annotated[SetBaseline | None, date_rule(measurable, "as_of_in_future")] = None
    """From where it starts; null where nobody knows: then there is attainment, and no pace."""
    goal: Annotated[
        Goal,
        cross_rule(_reachable, "goal_ambiguous", "baseline_required", "goal_against_direction", "goal_too_large"),
    ]
    """What is to be reached."""
    due_on: Annotated[Day, cross_rule(_after_baseline, "due_before_baseline")]
    """The last day on which it can be."""
    milestones: Annotated[
        list[SetMilestone],
        Field(max_length=MOST_MILESTONES),
        cross_rule(_on_the_way, "milestone_order", "baseline_required"),
    ] = []  # noqa: RUF012 – pydantic copies it
    """What is to be reached on the way, in order; straight between."""
    trajectory: Annotated[
        Annotated[Shape, Field(strict=False)] | None, cross_rule(_with_its_milestones, "milestones_mismatch")
    ] = None
    """How the way leads there: by equal growth (the default), by equal steps, or by its milestones."""

    @property
    def shape(self) -> Shape:
        """Its trajectory, where it does not say one too."""
        return self.trajectory or (Shape.MILESTONES if self.milestones else Shape.GEOMETRIC)

    def corners(self) -> list[TargetMilestone]:
        """Its milestones as a target keeps them."""
        return [TargetMilestone(on=each.on, value=each.value) for each in self.milestones]
