"""How a target stands on a day: its status by observed against required growth, as a pure function."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Literal

from services.metrics.figures.anniversaries import months_on
from services.metrics.figures.rates import Number, settled
from services.metrics.targets.target import Direction, Target

ON_TRACK: Final = Decimal("0.95")
NEEDS_ACCELERATION: Final = Decimal("0.60")
FEWEST_DAYS: Final = 90
"""Days after the baseline of which nothing is said yet."""
SILENCE: Final = 18
"""Months in which nothing was stated, after which nobody knows the figure any more."""


class TargetStatus(StrEnum):
    """How a target stands."""

    NOT_STARTED = "not_started"
    NOT_AVAILABLE = "not_available"
    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    NEEDS_ACCELERATION = "needs_acceleration"
    LIMITED = "limited"
    DETERIORATING = "deteriorating"
    MET = "met"
    MISSED = "missed"


class TargetReason(StrEnum):
    """Why nothing can be said."""

    NO_STATEMENTS = "no_statements"
    NO_VALUE = "no_value"
    NO_BASELINE = "no_baseline"
    TOO_EARLY = "too_early"


Method = Literal["geometric", "linear", "milestones", "attainment"]


@dataclass(frozen=True)
class Measures:
    """What can be measured of a target on a day; None where it cannot.

    Attributes:
        elapsed: how much of its days have passed.
        expected: by its trajectory.
        attainment: see `Target.attainment`.
        pace: see `Trajectory.pace`.
        observed, required: growth a year, where it is measured so.
        growth_vs_baseline: (v - b) / b.
    """

    elapsed: Fraction | None = None
    expected: Number | None = None
    attainment: Fraction | None = None
    pace: Number | None = None
    observed: Number | None = None
    required: Number | None = None
    growth_vs_baseline: Fraction | None = None


@dataclass(frozen=True)
class Judgement:
    """A target on a day.

    Attributes:
        on: the day judged: never after the one on which it was due, so that what follows does not change it.
        is_final: whether it was due, and that day is over.
        silent_since: the last day of which anything was stated, where that is too long ago.
    """

    on: date
    value: int | None
    is_final: bool
    status: TargetStatus
    reason: TargetReason | None
    silent_since: date | None
    method: Method
    measures: Measures


def judged_on(target: Target, as_of: date) -> date:
    """The day on which a target is judged that is looked at on another: frozen once it was due."""
    return min(as_of, target.due_on)


def judge(target: Target, value: int | None, *, as_of: date, stated_on: date | None, is_over: bool = True) -> Judgement:
    """A target, with the value of its figure on the day judged.

    Args:
        value: at the end of `judged_on`; None where there is none.
        as_of: when it is looked at.
        stated_on: the last day until then of which anything was stated that makes the figure; None where nothing was.
        is_over: whether the day on which it is looked at is; on the day on which it is due, it can be met until then.
    """
    on = judged_on(target, as_of)
    measures = _measures(target, value, on)
    is_final = as_of > target.due_on or (as_of == target.due_on and is_over)
    status, reason = _status(target, value, measures.pace, on=on, is_final=is_final, stated_on=stated_on)
    return Judgement(
        on,
        value,
        is_final=is_final,
        status=status,
        reason=reason,
        silent_since=stated_on if reason is TargetReason.NO_STATEMENTS else None,
        method="attainment" if target.path is None else target.path.method.value,
        measures=measures,
    )


def _measures(target: Target, value: int | None, on: date) -> Measures:
    path = target.path
    if path is None:
        return Measures(attainment=None if value is None else target.attainment(value))
    if on < path.begins_on:
        return Measures(required=path.required_growth())
    elapsed = path.elapsed(on)
    found = Measures(elapsed=elapsed, expected=path.expected(elapsed), required=path.required_growth())
    if value is None:
        return found
    return replace(
        found,
        attainment=target.attainment(value),
        pace=path.pace(value, elapsed),
        observed=path.observed_growth(value, elapsed),
        growth_vs_baseline=Fraction(value - path.begin, abs(path.begin)) if path.begin else None,
    )


def _status(
    target: Target, value: int | None, pace: Number | None, *, on: date, is_final: bool, stated_on: date | None
) -> tuple[TargetStatus, TargetReason | None]:
    baseline = target.baseline
    if baseline and on < baseline.on:
        return TargetStatus.NOT_STARTED, None
    if stated_on is None or stated_on < months_on(on, -SILENCE):
        return TargetStatus.NOT_AVAILABLE, TargetReason.NO_STATEMENTS
    if value is None:
        return TargetStatus.NOT_AVAILABLE, TargetReason.NO_VALUE
    if is_final:
        return TargetStatus.MET if target.is_reached_by(value) else TargetStatus.MISSED, None
    if target.is_reached_by(value):
        return TargetStatus.ACHIEVED, None
    if baseline is None:
        return TargetStatus.NOT_AVAILABLE, TargetReason.NO_BASELINE
    if (on - baseline.on).days < FEWEST_DAYS:
        return TargetStatus.NOT_AVAILABLE, TargetReason.TOO_EARLY
    if pace is None:  # nothing need have changed yet, so what has not got worse is as it should be
        is_worse = value < baseline.value if target.direction is Direction.UP else value > baseline.value
        return TargetStatus.DETERIORATING if is_worse else TargetStatus.ON_TRACK, None
    return _by_pace(settled(pace)), None


def _by_pace(pace: Decimal) -> TargetStatus:
    if pace < 0:
        return TargetStatus.DETERIORATING
    if pace >= ON_TRACK:
        return TargetStatus.ON_TRACK
    return TargetStatus.NEEDS_ACCELERATION if pace >= NEEDS_ACCELERATION else TargetStatus.LIMITED
