"""KPIs that follow from others: nothing of them is kept."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from services.metrics.figures.dimensions import key_of
from services.metrics.figures.history import called
from services.metrics.figures.kpi import KEPT_DECIMALS, RATIO_DECIMALS, Kind, Kpi, Measured, Part, Timing
from services.metrics.figures.sums import Excluded, Sum, rounded_ratio


@dataclass(frozen=True)
class Derived(Kpi):
    """A pure function of other KPIs' values, in every cell in which all of them are kept; null where one of them is.

    As many contribute as to the input to which most do.

    Attributes:
        inputs: kept KPIs, each in one cell, of any subject.
        compute: from their values, in this order, to its own.
    """

    _: KW_ONLY
    inputs: tuple[Part, ...]
    compute: Callable[..., int | None]

    kind: ClassVar[Kind] = "derived"

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.inputs

    @property
    def timing(self) -> Timing:
        """A stock where all of its inputs are."""
        return timing_of(self.inputs)

    @property
    def fold(self) -> str:
        return f"{called(self.compute)} of {', '.join(map(cell_called, self.inputs))}"

    def read(self, sums: Sequence[Sum], days: int | None) -> Measured:
        found = read_each(self.inputs, sums, days)
        values = [each.value for each in found]
        return together(found, None if None in values else self.compute(*values))


@dataclass(frozen=True)
class Quotient(Kpi):
    """A ratio of two KPIs that are kept apart, of any subjects: of a total, the quotient of both totals.

    Both add up over cells and days, each as it does by itself, and what is shown is rounded once, to four decimals.

    Attributes:
        numerator, denominator: kept KPIs, each in one cell.
        averaged: whether the denominator is added up over days and its average over the days of the period is meant:
            tenant-days / days. Over all time there is none, as nobody says how many days that is.
    """

    _: KW_ONLY
    numerator: Part
    denominator: Part
    averaged: bool = False

    kind: ClassVar[Kind] = "ratio"
    decimals: ClassVar[int] = RATIO_DECIMALS

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.numerator, self.denominator

    @property
    def timing(self) -> Timing:
        """A stock where both are."""
        return timing_of(self.parts)

    @property
    def is_of_a_period(self) -> bool:
        return self.averaged

    @property
    def fold(self) -> str:
        below = cell_called(self.denominator)
        return f"{cell_called(self.numerator)} / {f'average of {below} over days' if self.averaged else below}"

    def read(self, sums: Sequence[Sum], days: int | None) -> Measured:
        """Both sums as whole numbers in their last digits; where it is averaged, the numerator times the days."""
        found = read_each(self.parts, sums, days)
        above, below = (each.value for each in found)
        if above is None or below is None or (self.averaged and days is None):
            return together(found, None)
        if self.averaged and days is not None:
            above *= days
        shift, digits = (10 ** KEPT_DECIMALS.get(part.kpi.unit, 0) for part in self.parts)
        value = rounded_ratio(above * digits * 10**RATIO_DECIMALS, below * shift)
        return together(found, value, numerator=above, denominator=below)


def cell_called(part: Part) -> str:
    """How a declaration calls a figure in one of its cells: `businesses_active(kind=cloud)`."""
    return f"{part.kpi.id}({key_of(part.dims)})" if part.dims else part.kpi.id


def timing_of(parts: Sequence[Part]) -> Timing:
    """How what follows from others is carried over days: as a stock where all of them are."""
    return "stock" if all(part.kpi.timing == "stock" for part in parts) else "flow"


def read_each(parts: Sequence[Part], sums: Sequence[Sum], days: int | None) -> list[Measured]:
    """What the sum of each part says."""
    return [part.kpi.read([each], days) for part, each in zip(parts, sums, strict=True)]


def together(
    found: Sequence[Measured], value: int | None, *, numerator: int | None = None, denominator: int | None = None
) -> Measured:
    """A value that follows from others: as many contribute as to the one to which most do."""
    excluded: dict[str, Excluded] = {}
    for each in found:
        excluded |= each.excluded
    n = max(each.n for each in found)
    return Measured(value, n, numerator=numerator, denominator=denominator, excluded=excluded)
