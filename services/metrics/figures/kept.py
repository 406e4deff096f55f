"""KPIs that are kept: counters in every cell, which each counted thing moves on the days of its facts."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Final

from services.metrics.figures.history import Change, State, called
from services.metrics.figures.kpi import (
    KEPT_DECIMALS,
    RATIO_DECIMALS,
    Aggregation,
    Kind,
    Kpi,
    Measured,
    Part,
    Timing,
    Told,
)
from services.metrics.figures.sums import Sum, nearest_rank, number_of_iso, rounded_ratio

Counters = Mapping[str, int]
"""Fields of a bucket, each with how much is added: `n` things, `m` of whatever is counted; see `sums.Sum`."""

Measure = str | Callable[[Change], Any]
"""What a thing adds: a member of its facts, or a function of what changed on a day; None where it adds nothing."""

QUANTILES: Final = {"p50": 50, "p90": 90, "p95": 95}


@dataclass(frozen=True)
class Kept(Kpi):
    """A KPI with buckets of its own; whatever moves its counters can be taken back."""

    @abstractmethod
    def counters(self, change: Change) -> Counters | None:
        """What one thing adds on a day; of a stock, what it stands for at the end of it. None where it adds nothing."""

    @abstractmethod
    def of_sum(self, found: Sum) -> Measured:
        """What the sum of its buckets says."""

    def dated(self, counters: Counters, on: str) -> Counters:
        """The same, as they are added on a day."""
        return counters

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self, {}),)

    def read(self, sums: Sequence[Sum], days: int | None) -> Measured:
        (found,) = sums
        return self.of_sum(found)


@dataclass(frozen=True)
class Total(Kept):
    """A stock or a flow: money or numbers are added up, anything else counts one.

    Attributes:
        of: what is added up.
        stated: whether things have it that may not say so, such as what they are worth; else it follows from what
            happened.
    """

    _: KW_ONLY
    of: Measure
    stated: bool = False

    def of_sum(self, found: Sum) -> Measured:
        """Money that nobody stated is null, and a count of nothing is 0."""
        nobody = self.is_money and found.n == 0
        return Measured(None if nobody else found.m, found.n, excluded=found.excluded)


@dataclass(frozen=True)
class Stock(Total):
    """What the counted things have at the end of a day; never summed over time."""

    kind: ClassVar[Kind] = "stock"
    timing: ClassVar[Timing] = "stock"

    @property
    def fold(self) -> str:
        return f"sum of the last {called(self.of)} of each, while it is counted"

    def judged(self, measured: Told) -> int | None:
        """What nobody owes is nothing owed; of what nobody states nothing is known."""
        is_nothing = measured.n == 0 and not self.stated and not measured.suppressed
        return 0 if is_nothing else measured.value

    def counters(self, change: Change) -> Counters | None:
        return added(of_change(self.of, change, change.after), self.unit)


@dataclass(frozen=True)
class Flow(Total):
    """What happened on days: each day on which its member was set counts once, as was said last of that day."""

    kind: ClassVar[Kind] = "flow"
    timing: ClassVar[Timing] = "flow"
    aggregation: ClassVar[Aggregation] = "sum"

    @property
    def fold(self) -> str:
        return f"sum of {called(self.of)} over the days on which it was said"

    def counters(self, change: Change) -> Counters | None:
        return added(of_change(self.of, change, change.said), self.unit)


@dataclass(frozen=True)
class OverDays(Total):
    """What a stock comes to at the end of each day, added up over the days of a period: tenant-days, a rate by days.

    It counts things as a stock does, and is asked for as what happens on days. Of numbers, never of money.
    """

    kind: ClassVar[Kind] = "flow"
    timing: ClassVar[Timing] = "flow"
    aggregation: ClassVar[Aggregation] = "sum"
    over_days: ClassVar[bool] = True

    @property
    def fold(self) -> str:
        return f"sum of the last {called(self.of)} of each, while it is counted, over all days"

    def counters(self, change: Change) -> Counters | None:
        return added(of_change(self.of, change, change.after), self.unit)

    def dated(self, counters: Counters, on: str) -> Counters:
        """With the first moment. What has begun is counted apart, as its level may change before it ends."""
        return {"m": counters["m"], "t": counters["m"] * number_of_iso(on)}


@dataclass(frozen=True)
class Ratio(Kept):
    """The quotient of two sums over the things that stated both; null where the denominator is 0.

    The sums are kept apart, so that they add up over cells and days, and what is shown is rounded once: half up, away
    from zero, to four decimals.

    Attributes:
        numerator, denominator: what is added up.
        timing: whether both are what a thing has at the end of a day, or what happened to it on days.
        currency: of money by money, whose quotient has none: what is in another one stands apart.
    """

    _: KW_ONLY
    numerator: Measure
    denominator: Measure
    timing: Timing = "stock"
    currency: str | None = None

    kind: ClassVar[Kind] = "ratio"
    decimals: ClassVar[int] = RATIO_DECIMALS

    @property
    def fold(self) -> str:
        both = f"sum of {called(self.numerator)} / sum of {called(self.denominator)}"
        when = (
            "as last said, while it is counted" if self.timing == "stock" else "over the days on which both were said"
        )
        return f"{both}, {when}"

    def counters(self, change: Change) -> Counters | None:
        stated = change.after if self.timing == "stock" else change.said
        above = added(of_change(self.numerator, change, stated), self.currency or self.unit)
        below = of_change(self.denominator, change, stated)
        if above is None or below is None:
            return None
        return {**above, "d": amount(below)} if "n" in above else above

    def of_sum(self, found: Sum) -> Measured:
        """Both sums as whole numbers, as they are kept: of money in minor units."""
        shift = 10 ** (self.decimals - KEPT_DECIMALS.get(self.unit, 0))
        value = rounded_ratio(found.m * shift, found.d)
        return Measured(value, found.n, numerator=found.m, denominator=found.d, excluded=found.excluded)


@dataclass(frozen=True)
class Dist(Kept):
    """The distribution of whole numbers that things come to on days; its value is the median, null where nothing did.

    The histogram is exact, so that a value can be taken back and cells and days add up; quantiles are by nearest rank.

    Attributes:
        of: the number that a thing comes to on a day; None on most days.
    """

    _: KW_ONLY
    of: Callable[[Change], int | None]

    kind: ClassVar[Kind] = "dist"
    timing: ClassVar[Timing] = "flow"

    @property
    def fold(self) -> str:
        return f"histogram of {called(self.of)}"

    def counters(self, change: Change) -> Counters | None:
        value = self.of(change)
        return None if value is None else {"n": 1, "m": value, f"hist.{value}": 1}

    def of_sum(self, found: Sum) -> Measured:
        quantiles = dict(zip(QUANTILES, nearest_rank(found.hist, QUANTILES.values()), strict=True))
        return Measured(quantiles["p50"], found.n, quantiles=quantiles)


def of_change(measure: Measure, change: Change, stated: State) -> Any:
    """What a thing adds as a day changed it: a member of what is stated, or what a function makes of the change."""
    return stated.get(measure) if isinstance(measure, str) else measure(change)


def added(value: Any, unit: str) -> Counters | None:
    """What a member adds to a figure of a unit: money of another currency stands apart; None where it is not stated."""
    if value is None:
        return None
    if isinstance(value, dict) and value["currency"] != unit:
        apart = f"excluded.{value['currency']}"
        return {f"{apart}.n": 1, f"{apart}.m": value["amount"]}
    return {"n": 1, "m": amount(value)}


def amount(value: Any) -> int:
    """How much a stated member is: money its minor units, a number itself, anything else one."""
    if isinstance(value, dict):
        return int(value["amount"])
    return value if isinstance(value, int) and not isinstance(value, bool) else 1
