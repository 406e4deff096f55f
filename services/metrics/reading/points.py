"""The points of a series: what each part of a KPI comes to in each period."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.metrics.figures.periods import Period
from services.metrics.figures.sums import Sum


class PartPoints(NamedTuple):
    """One part of a KPI over adjoining periods.

    Attributes:
        whole: a stock's last sum, a flow's over all periods.
        points: the sum in each.
        observed: whether anybody was counting by then.
    """

    whole: Sum
    points: list[Sum]
    observed: list[bool]


def stock_points(sums: Sequence[Sum]) -> PartPoints:
    """A stock at the end of each period, carried forward.

    Args:
        sums: all that lies before the first period, then what changed in each.
    """
    level, points = sums[0], []
    for change in sums[1:]:
        level = level.plus(change)
        points.append(level)
    return PartPoints(level, points, [True] * len(points))


def flow_points(sums: Sequence[Sum], everywhere: Sequence[Sum]) -> PartPoints:
    """A flow in each period; nobody was counting until anything was counted anywhere.

    Args:
        sums: all that lies before the first period, then what happened in each.
        everywhere: the same of the total.
    """
    together, counted, observed = Sum(), everywhere[0].n, []
    for here, anywhere in zip(sums[1:], everywhere[1:], strict=True):
        counted += anywhere.n
        together.add(here)
        observed.append(counted > 0)
    return PartPoints(together, list(sums[1:]), observed)


def points_over_days(
    sums: Sequence[Sum], everywhere: Sequence[Sum], periods: Sequence[Period], end: date
) -> PartPoints:
    """What stands at the end of each day, added up over the days of each period until before `end`.

    Args:
        sums: all that lies before the first period, then what changed in each.
        everywhere: the same of the total.
    """
    level, points, changed = sums[0], [], Sum()
    for period, change in zip(periods, sums[1:], strict=True):
        has_begun = period.first < end
        points.append(change.over_days(level, period.first, min(period.end, end)) if has_begun else Sum())
        level = level.plus(change)
        changed.add(change)
    whole = changed.over_days(sums[0], periods[0].first, end)
    return flow_points([sums[0], *points], everywhere)._replace(whole=whole)
