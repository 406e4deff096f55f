"""A chart of a figure: its values over time, and what targets expect of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from services.metrics.charts.axes import Amounts, Days, short
from services.metrics.figures.periods import DAY

STEPS = 48
"""Straight pieces of which a trajectory is drawn."""
LAST = date.max - DAY


class Bar(NamedTuple):
    """One period, or what has passed of it: what stands at its end, or what happened in it; None is a gap."""

    name: str
    first: date
    end: date
    value: float | None
    complete: bool


class Corner(NamedTuple):
    """What is expected at the end of a day."""

    on: date
    value: float


@dataclass(frozen=True)
class Aim:
    """A target as it is drawn.

    Attributes:
        way: from its baseline to its goal; empty where it has no baseline.
    """

    goal: float
    due_on: date
    status: str
    way: Sequence[Corner]

    @property
    def words(self) -> str:
        """In a legend."""
        return f"Target {short(self.goal)} by {self.due_on}: {self.status.replace('_', ' ')}"

    def expected(self, on: date) -> float | None:
        """What is expected at the end of a day, straight between corners; None outside of its way."""
        for one, other in zip(self.way, self.way[1:], strict=False):
            if one.on <= on <= other.on:
                share = Fraction((on - one.on).days, (other.on - one.on).days)
                return one.value + (other.value - one.value) * float(share)
        return None


@dataclass(frozen=True)
class Chart:
    """What is drawn.

    Attributes:
        about: what all of it has in common: unit, cell, length of periods, day.
        happens: whether values are of what happens in periods, so that they are bars.
    """

    title: str
    about: str
    unit: str
    bars: Sequence[Bar]
    happens: bool
    aims: Sequence[Aim] = ()

    @property
    def days(self) -> Days:
        """From the first period to the last, or to the day on which the last target is due."""
        return Days(self.bars[0].first, max([self.bars[-1].end, *(min(aim.due_on, LAST) + DAY for aim in self.aims)]))

    @property
    def amounts(self) -> Amounts:
        """Of everything that is drawn."""
        values = [bar.value for bar in self.bars if bar.value is not None]
        values += [corner.value for aim in self.aims for corner in aim.way if corner.on >= self.bars[0].first]
        return Amounts.over([*values, *(aim.goal for aim in self.aims)])

    def runs(self) -> Iterator[list[Bar]]:
        """Periods one after the other that all have a value."""
        run: list[Bar] = []
        for bar in self.bars:
            if bar.value is not None:
                run.append(bar)
            elif run:
                yield run
                run = []
        if run:
            yield run

    @property
    def words(self) -> str:
        """The same for who does not see it: from where to where, the highest, and each target."""
        known = [bar for bar in self.bars if bar.value is not None]
        said = [f"{self.title}, {self.about}."]
        if not known:
            said.append("No period has a value.")
        else:
            first, last, most = known[0], known[-1], max(known, key=lambda bar: bar.value or 0)
            said.append(
                f"{len(known)} of {len(self.bars)} periods have a value: {_said(first)}, {_said(last)}; "
                f"most {_said(most)}."
            )
        return " ".join([*said, *(f"{aim.words}." for aim in self.aims)])


def _said(bar: Bar) -> str:
    return f"{bar.name} {short(bar.value or 0)}"
