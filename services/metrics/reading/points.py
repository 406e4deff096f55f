"""The points of a series: what each part of a KPI comes to in each period."""

from collections.abc import Sequence
from typing import NamedTuple

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
