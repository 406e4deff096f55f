"""The axes of a chart: where lines of a grid stand, and what is written at them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, islice, takewhile

from services.metrics.figures.periods import DAY

YEARS = [base * 10**power for power in range(5) for base in (1, 2, 5)]
MONTHS = (1, 2, 3, 6, 12, 36)
DAYS = (1, 2, 7, 14, 28, 56)
"""Every how manieth beginning may be labelled."""
SHORT = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


@dataclass(frozen=True)
class Tick:
    """A line of the grid: where on the axis, from 0 to 1, and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Amounts:
    """An axis of amounts, from a round number to a round number, with zero on it."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Sequence[float], at_most: int = 5) -> "Amounts":
        """The axis that holds all values in at most so many steps of 1, 2 or 5 times a power of ten."""
        low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
        if low == high:
            high = 1.0
        steps = (base * 10.0**power for power in range(-6, 20) for base in (1, 2, 5))
        step = next(step for step in steps if (high - low) / step <= at_most)
        return cls(low // step * step, -(-high // step) * step, step)

    def at(self, value: float) -> float:
        """Where a value stands, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> Iterator[Tick]:
        """From the lowest to the highest."""
        for place in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + place * self.step
            yield Tick(self.at(value), short(value))


@dataclass(frozen=True)
class Days:
    """An axis of days, from the beginning of one until before another."""

    first: date
    end: date

    def at(self, day: date) -> float:
        """Where a day begins, from 0 to 1."""
        return (day - self.first).days / max((self.end - self.first).days, 1)

    def ticks(self, at_most: int) -> list[Tick]:
        """Beginnings of years, of months, or days: at most so many, and the first kind of which two are there."""
        found: list[Tick] = []
        for days, steps in ((self._years(), YEARS), (self._months(), MONTHS), (self._days(), DAYS)):
            every = [Tick(self.at(day), label) for day, label in days]
            found = every[:: next(step for step in steps if len(every) / step <= at_most)]
            if len(found) > 1:
                break
        return found

    def _years(self) -> Iterator[tuple[date, str]]:
        last = (self.end - DAY).year
        years = range(self.first.year + (self.first > date(self.first.year, 1, 1)), last + 1)
        return ((date(year, 1, 1), str(year)) for year in years)

    def _months(self) -> Iterator[tuple[date, str]]:
        begin = self.first.year * 12 + self.first.month - (1 if self.first.day == 1 else 0)
        firsts = (date(each // 12, each % 12 + 1, 1) for each in islice(count(begin), 36) if each // 12 < 10_000)
        return ((day, f"{day:%Y-%m}") for day in takewhile(lambda day: day < self.end, firsts))

    def _days(self) -> Iterator[tuple[date, str]]:
        days = (self.first + place * DAY for place in range((self.end - self.first).days))
        return ((day, day.isoformat()) for day in days)


def short(value: float) -> str:
    """A number as a label has it: 32.4 bn, 750 k, 0.5."""
    for size, word in SHORT:
        if abs(value) >= size:
            return f"{value / size:.4g} {word}"
    return f"{value:.4g}"
