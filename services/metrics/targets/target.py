"""A target: what a figure is to come to by a day, from where it stood."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import id_of, new_id
from services.chassis.domain.money import LARGEST
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation
from services.metrics.figures.dimensions import key_of
from services.metrics.figures.rates import rounded
from services.metrics.targets.trajectory import Shape, TargetMilestone, Trajectory

TargetId = Annotated[str, id_of("tgt")]


class Direction(StrEnum):
    """Which side of its goal is the right one."""

    UP = "up"
    DOWN = "down"


class TargetBaseline(Part):
    """Where a figure stood, and when; a target keeps it as it was set."""

    value: int
    """As the KPI has it: shown / 10^decimals."""
    on: Day
    """At the end of this day."""


class Target(Aggregate):
    """A target: what a figure is to come to by a day. It is never changed: what was promised stays what it was.

    Attributes:
        baseline: None where nobody knows it; then there is attainment, and no pace.
        growth_pct: as it was set, where the goal was set as growth over the baseline.
        goal: shown / 10^decimals of the KPI.
    """

    collection: ClassVar[str] = "targets"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("kpi", 1), ("_id", 1)),)

    kpi: str
    dims: dict[str, str]
    baseline: TargetBaseline | None
    growth_pct: int | None
    goal: int
    due_on: Day
    direction: Direction
    trajectory: Shape
    milestones: list[TargetMilestone]

    @classmethod
    def begin(
        cls,
        *,
        kpi: str,
        dims: Mapping[str, str],
        baseline: TargetBaseline | None,
        goal: int,
        growth_pct: int | None,
        due_on: date,
        direction: Direction,
        trajectory: Shape,
        milestones: list[TargetMilestone],
    ) -> Self:
        """A new target."""
        return cls(
            id=new_id("tgt"),
            kpi=kpi,
            dims=dict(dims),
            baseline=baseline,
            growth_pct=growth_pct,
            goal=goal,
            due_on=due_on,
            direction=direction,
            trajectory=trajectory,
            milestones=milestones,
        )

    @property
    def claim(self) -> str:
        """The key that one target of a figure and a day holds."""
        return f"target|{self.kpi}|{key_of(self.dims)}|{self.due_on}"

    @property
    def path(self) -> Trajectory | None:
        """The way from its baseline; None without one."""
        if self.baseline is None:
            return None
        return Trajectory(
            self.trajectory, self.baseline.value, self.baseline.on, self.goal, self.due_on, self.milestones
        )

    def is_reached_by(self, value: int) -> bool:
        """Whether a value is at the goal or past it."""
        return value >= self.goal if self.direction is Direction.UP else value <= self.goal

    def attainment(self, value: int) -> Fraction | None:
        """How much of what is to be reached is: of the change where it has a baseline, else of the goal."""
        if self.path:
            return self.path.attainment(value)
        above, below = (value, self.goal) if self.direction is Direction.UP else (self.goal, value)
        return Fraction(above, below) if below else None


def grown(value: int, percent: int) -> int | None:
    """A value that has grown by so many percent: 300 of 8.1 bn is 32.4 bn; None where it is larger than JSON takes."""
    return rounded(value + Fraction(abs(value) * percent, 100))


def goal_violations(baseline: int, goal: int | None, direction: Direction) -> Iterator[Violation]:
    """What is wrong with a goal, from where the figure stands: it lies the other way, or further than anyone counts."""
    if goal is None:
        detail = f"It would be more than {LARGEST}, or less than -{LARGEST}."
        yield Violation("goal_too_large", detail, ("growth_pct",))
    elif goal < baseline if direction is Direction.UP else goal > baseline:
        detail = f"From its baseline the way there does not lead {direction}."
        yield Violation("goal_against_direction", detail)
