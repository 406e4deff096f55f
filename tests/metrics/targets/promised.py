"""Targets for tests: the zone's own, 8.1 bn yuan to grow by 300 percent in five years, and variations of it."""

from datetime import date
from typing import Any, Final

from services.metrics.targets.judgement import Judgement, judge, judged_on
from services.metrics.targets.target import Direction, Target, TargetBaseline
from services.metrics.targets.trajectory import Shape

BILLION: Final = 10**11
"""A billion yuan, in fen."""
BEGINS_ON: Final = date(2018, 4, 30)
DUE_ON: Final = date(2023, 4, 30)


def target(baseline: int | None = 81 * BILLION // 10, goal: int = 324 * BILLION // 10, **changes: Any) -> Target:
    """The zone's target, with changes."""
    on = changes.pop("on", BEGINS_ON)
    said: dict[str, Any] = {
        "kpi": "valuation_total",
        "dims": {},
        "baseline": None if baseline is None else TargetBaseline(value=baseline, on=on),
        "goal": goal,
        "growth_pct": None,
        "due_on": DUE_ON,
        "direction": Direction.UP,
        "trajectory": Shape.GEOMETRIC,
        "milestones": [],
    }
    return Target.begin(**(said | changes))


def judged(target: Target, value: int | None, as_of: date, **changes: Any) -> Judgement:
    """It on a day, of a figure of which something was stated on the day judged."""
    stated_on = changes.get("stated_on", judged_on(target, as_of))
    return judge(target, value, as_of=as_of, stated_on=stated_on, is_over=changes.get("is_over", True))
