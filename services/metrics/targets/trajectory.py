"""The way from a baseline to a goal: what a target expects of its figure on each day between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.metrics.figures.anniversaries import years_between
from services.metrics.figures.rates import DIGITS, Number, decimal, power, yearly_growth


class Shape(StrEnum):
    """How a trajectory leads to its goal."""

    GEOMETRIC = "geometric"
    LINEAR = "linear"
    MILESTONES = "milestones"


class TargetMilestone(Part):
    """What is to be reached on the way."""

    on: Day
    """By the end of this day."""
    value: int
    """As the KPI has it: shown / 10^decimals."""


@dataclass(frozen=True)
class Trajectory:
    """From `begin` on a day to `end` on a later one.

    Attributes:
        milestones: the corners of the way where `shape` is that; it is straight between them.
    """

    shape: Shape
    begin: int
    begins_on: date
    end: int
    ends_on: date
    milestones: Sequence[TargetMilestone] = ()

    @property
    def method(self) -> Shape:
        """How growth along it is measured: nothing grows geometrically from 0, to 0, through 0, or to where it is."""
        grows = self.begin * self.end > 0 and self.begin != self.end
        return Shape.LINEAR if self.shape is Shape.GEOMETRIC and not grows else self.shape

    def elapsed(self, day: date) -> Fraction:
        """How much of its days have passed at the end of one: 0 at the baseline, 1 on the day it is due, never more."""
        passed = Fraction((day - self.begins_on).days, (self.ends_on - self.begins_on).days)
        return min(max(passed, Fraction(0)), Fraction(1))

    @property
    def years(self) -> Fraction:
        """How long it is."""
        return years_between(self.begins_on, self.ends_on)

    def expected(self, elapsed: Fraction) -> Number:
        """What it expects once so much of it has passed."""
        if self.method is Shape.GEOMETRIC:
            growth = power(Fraction(self.end, self.begin), elapsed) if elapsed else decimal(1)
            return DIGITS.multiply(decimal(self.begin), growth)
        return self._straight(elapsed)

    def _straight(self, elapsed: Fraction) -> Fraction:
        """The same, straight from corner to corner."""
        corners = [(Fraction(0), self.begin), *((self.elapsed(each.on), each.value) for each in self.milestones)]
        for (first, low), (last, high) in pairwise([*corners, (Fraction(1), self.end)]):
            if elapsed <= last:
                return low + (high - low) * (elapsed - first) / (last - first)
        raise ValueError("no more than all of it passes")

    def required_growth(self) -> Number | None:
        """Growth a year that leads to its end; None of one that is not geometric."""
        return yearly_growth(self.end, self.begin, self.years) if self.method is Shape.GEOMETRIC else None

    def observed_growth(self, value: int, elapsed: Fraction) -> Number | None:
        """Growth a year that has led to a value; None of one that is not geometric, and before any time has passed."""
        if self.method is not Shape.GEOMETRIC or not elapsed:
            return None
        return yearly_growth(value, self.begin, self.years * elapsed)

    def pace(self, value: int, elapsed: Fraction) -> Number | None:
        """Observed by required growth: 1 is as fast as it must be, less than 0 is backwards.

        By compound growth a year where it is geometric, else by the change that it expects until then. None where no
        change was to be expected.
        """
        required, observed = self.required_growth(), self.observed_growth(value, elapsed)
        if required is not None:
            return None if observed is None else DIGITS.divide(decimal(observed), decimal(required))
        change = self._straight(elapsed) - self.begin
        return Fraction(value - self.begin) / change if change else None

    def attainment(self, value: int) -> Fraction | None:
        """How much of the way has been made, of the change and not of the time; None where there is none to make."""
        return Fraction(value - self.begin, self.end - self.begin) if self.end != self.begin else None
