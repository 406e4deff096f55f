"""What somebody asks of a KPI, checked against its declaration; everything that is wrong with it is told at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from services.chassis.domain.errors import NotFound
from services.chassis.domain.violations import Violation, refuse_parameters
from services.metrics.catalogue.all import KPIS, breakdown_of, breakdowns_of, dimensions_of
from services.metrics.figures.dimensions import Breakdown
from services.metrics.figures.kpi import Aggregation, Granularity, Kpi
from services.metrics.figures.periods import DAY, Period, periods

MOST_POINTS: Final = 10_000


@dataclass(frozen=True)
class Question:
    """One KPI, the cell, and the days.

    Attributes:
        dims: the cell; empty for the total.
        by: the dimension to break it down by.
        period: None for a stock's last value and for all of a flow.
        as_of: the day at whose end it is looked at.
    """

    kpi: Kpi
    dims: Mapping[str, str]
    by: str | None
    period: Period | None
    as_of: date

    def first(self, kpi: Kpi) -> date | None:
        """From when on a part of the answer is added up: a stock from the beginning, a flow from that of the period."""
        return self.period.first if self.period and kpi.timing == "flow" else None

    @property
    def end(self) -> date:
        """The day after the last one that counts."""
        return min(self.period.end, self.as_of + DAY) if self.period else self.as_of + DAY

    @property
    def days(self) -> int | None:
        """Of how many days it is; None of all that there are, and of a stock, which is of the last one."""
        return (self.end - self.period.first).days if self.period else None

    @property
    def is_ahead(self) -> bool:
        """Whether the period has not begun: nobody knows its value yet."""
        return self.period is not None and self.period.first > self.as_of

    @property
    def breakdown(self) -> Breakdown:
        """The cells that answer it."""
        return tuple(sorted({*self.dims, *([] if self.by is None else [self.by])}))


@dataclass(frozen=True)
class SeriesQuestion:
    """One KPI, the cell, and the periods whose values are asked for."""

    kpi: Kpi
    dims: Mapping[str, str]
    periods: list[Period]
    granularity: Granularity
    as_of: date

    @property
    def end(self) -> date:
        """The day after the last one that counts."""
        return min(self.periods[-1].end, self.as_of + DAY)

    @property
    def is_ahead(self) -> bool:
        """Whether none of the periods has begun."""
        return self.periods[0].first > self.as_of


def kpi_called(id: str) -> Kpi:
    """The KPI with this id.

    Raises:
        NotFound: none is declared.
    """
    if id not in KPIS:
        raise NotFound("There is no KPI of this name.")
    return KPIS[id]


def question(
    kpi: Kpi,
    *,
    today: date,
    dims: Mapping[str, str],
    by: str | None = None,
    period: str | None = None,
    as_of: date | None = None,
    agg: Aggregation | None = None,
) -> Question:
    """A question about one value, or about the cells of a breakdown.

    Raises:
        Unprocessable: `dimension_not_declared`, `ambiguous`, `as_of_in_future`, `granularity_not_allowed`,
            `not_additive`, `not_a_stock`.
    """
    asked = Period.read(period) if period else None
    refuse_parameters(
        *_of_dimensions(kpi, dims, by),
        *_of_day(as_of, today),
        *_of_period(kpi, asked),
        *_of_aggregation(kpi, agg),
    )
    return Question(kpi, dims, by, asked, as_of or today)


def series_question(
    kpi: Kpi, *, today: date, dims: Mapping[str, str], first: str, last: str | None, granularity: Granularity
) -> SeriesQuestion:
    """A question about the periods from the one that holds the beginning of `first` to the one with the end of `last`.

    Raises:
        Unprocessable: `dimension_not_declared`, `granularity_not_allowed`, `period_order`, `too_many_points`.
    """
    begin, end = Period.read(first).first, Period.read(last).end if last else today + DAY
    asked = list(islice(periods(begin, end, granularity), MOST_POINTS + 1))
    refuse_parameters(
        *_of_dimensions(kpi, dims, None),
        *_of_granularity(kpi, granularity),
        *_of_points(asked),
    )
    return SeriesQuestion(kpi, dims, asked, granularity, today)


def comparison(kpi: Kpi, *, dims: Mapping[str, str], period: str, since: str | None) -> tuple[Period, Period | None]:
    """A period, and an earlier one of the same length since which it is compared.

    Raises:
        Unprocessable: `dimension_not_declared`, `granularity_not_allowed`, `period_order`, `periods_differ`.
    """
    asked, base = Period.read(period), Period.read(since) if since else None
    refuse_parameters(
        *_of_dimensions(kpi, dims, None),
        *_of_period(kpi, asked),
        *_of_period(kpi, base, "since"),
        *([] if base is None else _of_base(base, asked)),
    )
    return asked, base


def check_series(kpi: Kpi, *, dims: Mapping[str, str], granularity: Granularity, others: Iterable[Violation]) -> None:
    """Let a series pass that a KPI has.

    Args:
        others: what is wrong with the question besides.

    Raises:
        Unprocessable: `dimension_not_declared`, `granularity_not_allowed`, and the others.
    """
    refuse_parameters(*_of_dimensions(kpi, dims, None), *_of_granularity(kpi, granularity), *others)


def headline_kpis(*, by: str | None, as_of: date | None, today: date) -> list[Kpi]:
    """All KPIs, where any has the dimension.

    Raises:
        Unprocessable: `dimension_not_declared` where none has it, `as_of_in_future`.
    """
    anywhere = tuple(dict.fromkeys(name for kpi in KPIS.values() for name in dimensions_of(kpi)))
    refuse_parameters(
        *([] if by is None or by in anywhere else [_not_declared("by", anywhere)]),
        *_of_day(as_of, today),
    )
    return list(KPIS.values())


def _of_day(as_of: date | None, today: date) -> Iterator[Violation]:
    if as_of and as_of > today:
        yield Violation("as_of_in_future", "Nobody knows the figures of a day that has not come.", ("as_of",))


def _of_period(kpi: Kpi, asked: Period | None, parameter: str = "period") -> Iterator[Violation]:
    if asked and kpi.finest == "year" and len(asked.name) > len("2017"):
        detail = "This figure exists by year only."
        yield Violation("granularity_not_allowed", detail, (parameter,), allowed=kpi.granularities)


def _of_base(base: Period, asked: Period) -> Iterator[Violation]:
    if base.granularity != asked.granularity:
        yield Violation("periods_differ", "Periods of one length are compared.", ("since",))
    elif base.first >= asked.first:
        yield Violation("period_order", "It lies before the period that is asked for.", ("since",))


def _of_granularity(kpi: Kpi, granularity: Granularity) -> Iterator[Violation]:
    if granularity not in kpi.granularities:
        detail = f"This figure exists by {', '.join(kpi.granularities)} only."
        yield Violation("granularity_not_allowed", detail, ("granularity",), allowed=kpi.granularities)


def _of_points(asked: list[Period]) -> Iterator[Violation]:
    if not asked:
        yield Violation("period_order", "`from` lies after `to`.", ("from",))
    if len(asked) > MOST_POINTS:
        yield Violation("too_many_points", f"A series has at most {MOST_POINTS:,} points.", ("granularity",))


def _of_aggregation(kpi: Kpi, agg: Aggregation | None) -> Iterator[Violation]:
    if agg is None or agg == kpi.aggregation:
        return
    allowed = () if kpi.aggregation is None else (kpi.aggregation,)
    if agg == "sum":
        detail = "Only what happens on days is summed; this figure has a value of its own for each period."
        yield Violation("not_additive", detail, ("agg",), allowed=allowed)
    else:
        detail = "This figure is of all the days of a period and has no last value."
        yield Violation("not_a_stock", detail, ("agg",), allowed=allowed)


def _of_dimensions(kpi: Kpi, dims: Mapping[str, str], by: str | None) -> Iterator[Violation]:
    """A dimension that is asked for twice, each that the KPI does not have, or else what is not kept together."""
    asked = {name: name for name in dims}
    if by in dims:
        detail = "It stands as a filter too, which leaves one cell of this breakdown."
        yield Violation("ambiguous", detail, ("by",))
    elif by is not None:
        asked["by"] = by
    declared = dimensions_of(kpi)
    wrong = [parameter for parameter, name in asked.items() if name not in declared]
    if not wrong and breakdown_of(kpi, {*asked.values()}) is None:
        wrong = ["by"] if "by" in asked and breakdown_of(kpi, {*dims}) is not None else [*dims]
    allowed = tuple("&".join(each) for each in breakdowns_of(kpi))
    for parameter in wrong:
        yield _not_declared(parameter, allowed)


def _not_declared(parameter: str, allowed: tuple[str, ...]) -> Violation:
    kept = f"it is broken down by {', '.join(allowed)}" if allowed else "it is known in total only"
    return Violation("dimension_not_declared", f"This figure is not kept by it; {kept}.", (parameter,), allowed=allowed)
