"""Sums of buckets: counters that were added up, and what can be read from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel


class Excluded(BaseModel):
    """Money in another currency than the figure's own."""

    n: int = 0
    m: int = 0


class Counted(Protocol):
    """What has the counters of a figure: how many contribute, and what they add up to."""

    @property
    def n(self) -> int:
        """How many contribute."""

    @property
    def m(self) -> int:
        """How much they add up to; of a ratio, its numerator."""

    @property
    def d(self) -> int:
        """A ratio's denominator."""

    @property
    def hist(self) -> Mapping[str, int]:
        """Of a distribution: how often each value occurred."""

    @property
    def excluded(self) -> Mapping[str, Excluded]:
        """Money of other currencies, by their code."""


@dataclass(slots=True)
class Sum:
    """Counters of several buckets added up; see `Counted`."""

    n: int = 0
    m: int = 0
    d: int = 0
    hist: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, Excluded] = field(default_factory=dict)

    def add(self, more: Counted) -> None:
        """Add the counters of another to these."""
        self.n += more.n
        self.m += more.m
        self.d += more.d
        for value, count in more.hist.items():
            self.hist[value] = self.hist.get(value, 0) + count
        for currency, other in more.excluded.items():
            mine = self.excluded.setdefault(currency, Excluded())
            mine.n += other.n
            mine.m += other.m

    def plus(self, more: Counted) -> "Sum":
        """Both together; neither is changed."""
        found = Sum()
        found.add(self)
        found.add(more)
        return found


def rounded_ratio(numerator: int, denominator: int) -> int | None:
    """The quotient to the nearest whole number, half up, away from zero; None where the denominator is 0."""
    if denominator == 0:
        return None
    size = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return size if (numerator < 0) == (denominator < 0) else -size


def nearest_rank(hist: Mapping[str, int], percents: Iterable[int]) -> list[int | None]:
    """The percentiles of a histogram by nearest rank: the ceil(p/100 x n)th value in order; None where n is 0."""
    ordered = sorted((int(value), count) for value, count in hist.items() if count)
    n = sum(count for _, count in ordered)
    found: list[int | None] = []
    for percent in percents:
        rank, passed, at = -(-percent * n // 100), 0, None
        for value, count in ordered:
            passed, at = passed + count, value
            if passed >= rank:
                break
        found.append(at)
    return found
