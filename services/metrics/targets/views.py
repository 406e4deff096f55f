"""What callers see of targets, and of how they stand."""

from typing import ClassVar, Self

from services.chassis.domain.times import Day
from services.chassis.http.view import Shown, View
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.rates import rounded, shown_ratio
from services.metrics.reading.views import Answer, Computed, ComputedThrough, Dims, Suppressed
from services.metrics.targets.judgement import Judgement, Method, TargetReason, TargetStatus
from services.metrics.targets.target import Direction, Target
from services.metrics.targets.trajectory import Shape

Rate = int | None
"""A ratio with four decimals: shown / 10^4. Null where there is none."""


class BaselineView(Shown):
    """From where a target starts; kept as it was when the target was set."""

    value: int
    """Shown / 10^decimals."""
    on: Day
    """At the end of this day."""


class MilestoneView(Shown):
    """What is to be reached on the way."""

    on: Day
    """By the end of this day."""
    value: int
    """Shown / 10^decimals."""


class TargetView(View):
    """What a figure is to come to by a day."""

    at: ClassVar[str] = "/v1/metrics/targets"

    kpi: str
    """Which figure; `/kpis/{id}` says what it means."""
    dims: Dims
    unit: str
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """Shown values are value / 10^decimals."""
    baseline: BaselineView | None
    """From where it starts; null where nobody knows."""
    goal: int
    """What is to be reached: shown / 10^decimals."""
    growth_pct: int | None
    """The same in percent of the baseline, where it was set so: 300 is four times as much."""
    due_on: Day
    """The last day on which it can be."""
    direction: Direction
    """Which side of the goal is the right one."""
    trajectory: Shape
    """How the way leads there."""
    milestones: list[MilestoneView]
    """What is to be reached on the way, in order."""

    @classmethod
    def of(cls, target: Target) -> Self:
        kpi, baseline = KPIS.get(target.kpi), target.baseline
        return cls.showing(
            target,
            unit=kpi.unit if kpi else "",
            decimals=kpi.decimals if kpi else 0,
            baseline=BaselineView(**dict(baseline)) if baseline else None,
            milestones=[MilestoneView(**dict(each)) for each in target.milestones],
        )


class Progress(Computed):
    """How a target stands on a day."""

    target: TargetView
    """The target that is judged, as it was set."""
    as_of: Day
    """The day judged, at its end; of a target that was due, the day on which it was, for good. Of money, to a partner,
    the last day until then of which it is told."""
    is_final: bool
    """Whether it was due on the day judged, and that is over: what happens later changes nothing."""
    status: TargetStatus
    """By observed against required growth: on track from 0.95, needs acceleration from 0.60, limited from 0 on."""
    reason: TargetReason | None
    """Why it is `not_available`: nothing was stated, the figure has no value or it is withheld (`suppressed`), nobody
    knows the baseline, or fewer than 90 days have passed."""
    no_statements_since: Day | None
    """The last day of which anything was stated, where that is more than 18 months before the day judged, if ever."""
    method: Method
    """How growth is measured: a year and compound, by equal steps, between milestones, or only what is attained."""
    value: int | None
    """The figure on the day judged: shown / 10^decimals."""
    n: int
    """How many contribute to it."""
    suppressed: Suppressed = False
    expected: int | None
    """What the trajectory expects on that day: shown / 10^decimals."""
    elapsed: Rate
    """How much of the target's days have passed."""
    attainment: Rate
    """How much of the way has been made: of the change from the baseline, or of the goal where there is none."""
    pace: Rate
    """Observed by required growth: 1 is as fast as it must be, less than 0 is backwards."""
    observed_growth: Rate
    """Compound growth a year since the baseline."""
    required_growth: Rate
    """Compound growth a year that leads to the goal."""
    growth_vs_baseline: Rate
    """(value - baseline) / baseline."""
    computed_through: ComputedThrough

    @classmethod
    def of(cls, target: Target, judgement: Judgement, figure: Answer) -> Self:
        found = judgement.measures
        return cls(
            target=TargetView.of(target),
            as_of=judgement.on,
            is_final=judgement.is_final,
            status=judgement.status,
            reason=judgement.reason,
            no_statements_since=judgement.silent_since,
            method=judgement.method,
            value=judgement.value,
            n=figure.n,
            suppressed=figure.suppressed,
            expected=None if found.expected is None else rounded(found.expected),
            elapsed=shown_ratio(found.elapsed),
            attainment=shown_ratio(found.attainment),
            pace=shown_ratio(found.pace),
            observed_growth=shown_ratio(found.observed),
            required_growth=shown_ratio(found.required),
            growth_vs_baseline=shown_ratio(found.growth_vs_baseline),
            computed_through=figure.computed_through,
        )
