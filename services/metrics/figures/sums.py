"""Sums of buckets: counters that were added up, and what can be read from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
        hist: of a distribution: how often each value occurred.
        excluded: money of other currencies, by their code.
    """

    n: int = 0
    m: int = 0
    d: int = 0
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
