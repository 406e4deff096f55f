"""Sums of buckets: counters that were added up, and what can be read from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from pydantic import BaseModel


class Excluded(BaseModel):
    """Money in another currency than the figure's own."""

    n: int = 0
    m: int = 0


@dataclass(slots=True)
class Sum:
    """Counters of a figure, added up over periods and cells.

    Attributes:
        n: how many contribute.
        m: how much they add up to; of a ratio, its numerator.
        d: a ratio's denominator.
        t: of what is added up over days, its first moment: each change of `m` times the number of its day.
        e: of that, too: how many had their last day; `n` are then all that have begun.
        hist: of a distribution: how often each value occurred.
        excluded: money of other currencies, by their code.
    """

    n: int = 0
    m: int = 0
    d: int = 0
    t: int = 0
    e: int = 0
    hist: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, Excluded] = field(default_factory=dict)

    def count(self, counter: str, amount: int) -> None:
        """Add to one counter, by the path that it has in a bucket: `n`, `hist.30`, `excluded.USD.m`."""
        kind, _, rest = counter.partition(".")
        match kind:
            case "hist":
                self.hist[rest] = self.hist.get(rest, 0) + amount
            case "excluded":
                currency, _, rest = rest.partition(".")
                money = self.excluded.setdefault(currency, Excluded())
                setattr(money, rest, getattr(money, rest) + amount)
            case _:
                setattr(self, kind, getattr(self, kind) + amount)

    def add(self, more: "Sum") -> None:
        """Add the counters of another to these."""
        self.n += more.n
        self.m += more.m
        self.d += more.d
        self.t += more.t
        self.e += more.e
        for value, count in more.hist.items():
            self.hist[value] = self.hist.get(value, 0) + count
        for currency, other in more.excluded.items():
            mine = self.excluded.setdefault(currency, Excluded())
            mine.n += other.n
            mine.m += other.m

    def plus(self, more: "Sum") -> "Sum":
        """Both together; neither is changed."""
        found = Sum()
        found.add(self)
        found.add(more)
        return found

    def settled(self) -> "Sum":
        """The same without what has come to nothing, so that two that say the same are equal."""
        hist = {value: n for value, n in self.hist.items() if n}
        excluded = {currency: money for currency, money in self.excluded.items() if money.n or money.m}
        return replace(self, hist=hist, excluded=excluded)

    def over_days(self, before: "Sum", first: date | None, end: date) -> "Sum":
        """What stands at the end of each day, added up over the days from `first` until before `end`.

        A change on a day counts on it and on all that follow: the integral of a step function is its level times the
        end, less its first moment, so that no day is read by itself. Whoever stood on any of the days contributes.

        Args:
            before: what stands as these days begin; these sums are what changes on them.
            first: None where they are all the days that there are.
        """
        whole_days = before.m * (end - first).days if first else 0
        return Sum(n=before.n + self.n - before.e, m=whole_days + self.m * number_of(end) - self.t)


EPOCH: Final = date(2000, 1, 1)


def number_of(day: date) -> int:
    """The number of a day, counted from the first of January 2000, so that moments of money stay small."""
    return (day - EPOCH).days


@lru_cache(maxsize=10_000)
def number_of_iso(on: str) -> int:
    """The same of a day that is written `YYYY-MM-DD`."""
    return number_of(date.fromisoformat(on))


def day_before(on: str) -> str:
    """The day before one, both written `YYYY-MM-DD`."""
    return (date.fromisoformat(on) - timedelta(days=1)).isoformat()


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
