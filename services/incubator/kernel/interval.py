"""Half-open intervals of time, `[start, end)`: what is open, what is booked, and what is left of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple


class Interval(NamedTuple):
    """A stretch of time that contains its start and not its end; both are instants in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return self.length // timedelta(minutes=1)

    def overlaps(self, other: "Interval") -> bool:
        """Whether some moment lies in both; one that ends as the other starts does not."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Interval") -> bool:
        """Whether all of the other lies in it."""
        return self.start <= other.start and other.end <= self.end

    def within(self, other: "Interval") -> "Interval":
        """What of it lies in the other; empty, or turned round, where nothing does."""
        return Interval(max(self.start, other.start), min(self.end, other.end))

    def widened(self, before: timedelta, after: timedelta) -> "Interval":
        """With more on either side."""
        return Interval(self.start - before, self.end + after)

    def steps(self, step: timedelta) -> Iterator[datetime]:
        """The moments that divide it into steps, its start included and its end not."""
        at = self.start
        while at < self.end:
            yield at
            at += step


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same moments in as few intervals as they need, in order; those that touch become one, empty ones vanish."""
    found: list[Interval] = []
    for each in sorted(interval for interval in intervals if interval.start < interval.end):
        if found and each.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return found


def without(intervals: Iterable[Interval], gaps: Iterable[Interval]) -> list[Interval]:
    """What of some intervals lies in no gap, in order."""
    left = union(intervals)
    for gap in union(gaps):
        left = [
            piece
            for each in left
            for piece in (Interval(each.start, min(each.end, gap.start)), Interval(max(each.start, gap.end), each.end))
            if piece.start < piece.end
        ]
    return left
