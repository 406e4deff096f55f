"""What somebody asks of a KPI, checked against its declaration; every fault is named at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, Literal

from services.chassis.domain.errors import NotFound, Unprocessable
from services.metrics.catalogue.all import KPIS
from services.metrics.figures.dimensions import Breakdown
from services.metrics.figures.kpi import Granularity, Kpi
from services.metrics.figures.periods import DAY, Period, periods

MOST_POINTS: Final = 10_000
Aggregation = Literal["sum", "last"]
"""How days make a longer period: a flow is summed, a stock has the value of the last day."""


class Faults:
    """Everything that is wrong with a question, so that it can be said at once."""

    def __init__(self) -> None:
        self._found: list[dict[str, str]] = []
        self._allowed: list[str] = []

    def add(self, parameter: str, code: str, detail: str, allowed: Sequence[str] = ()) -> None:
        """Note one; `allowed` are the values that would have been right."""
        self._found.append({"parameter": parameter, "code": code, "detail": detail})
        self._allowed = self._allowed or list(allowed)

    def refuse(self) -> None:
        """
        Raises:
            Unprocessable: there is any; with its own code where there is only one.
        """
        if self._found:
            codes = {fault["code"] for fault in self._found}
            code = codes.pop() if len(codes) == 1 else "validation_failed"
            refusal = Unprocessable("This cannot be asked of this KPI.", code=code, errors=self._found)
            if self._allowed:
                refusal.members["allowed"] = self._allowed
            raise refusal


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

    @property
    def first(self) -> date | None:
        """From when on it is added up: a stock from the beginning, a flow from the beginning of the period."""
        return self.period.first if self.period and self.kpi.kind == "flow" else None

    @property
    def end(self) -> date:
        """The day after the last one that counts."""
        return min(self.period.end, self.as_of + DAY) if self.period else self.as_of + DAY

    @property
    def is_ahead(self) -> bool:
        """Whether the period has not begun: nobody knows its value yet."""
        return self.period is not None and self.period.first > self.as_of

    @property
    def breakdown(self) -> Breakdown:
        """The cells that answer it."""
        return declared(self.kpi, self.dims, self.by) or ()


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
            `not_additive`.
    """
    faults = Faults()
    _check_dimensions(faults, kpi, dims, by)
    check_as_of(faults, as_of, today)
    asked = Period.read(period) if period else None
    if asked and kpi.finest == "year" and len(asked.name) > len("2017"):
        detail = "this figure exists by year only"
        faults.add("period", "granularity_not_allowed", detail, kpi.granularities)
    if agg == "sum" and kpi.kind == "stock":
        faults.add("agg", "not_additive", "a stock has the value of its last day and is never summed", ["last"])
    if agg == "last" and kpi.kind == "flow":
        faults.add("agg", "not_a_stock", "a flow is summed over its days and has no last value", ["sum"])
    faults.refuse()
    return Question(kpi, dims, by, asked, as_of or today)


def series_question(
    kpi: Kpi, *, today: date, dims: Mapping[str, str], first: str, last: str | None, granularity: Granularity
) -> SeriesQuestion:
    """A question about the periods from the one that holds the beginning of `first` to the one with the end of `last`.

    Raises:
        Unprocessable: `dimension_not_declared`, `granularity_not_allowed`, `period_order`, `too_many_points`.
    """
    faults = Faults()
    _check_dimensions(faults, kpi, dims, None)
    if granularity not in kpi.granularities:
        detail = f"this figure exists by {', '.join(kpi.granularities)}"
        faults.add("granularity", "granularity_not_allowed", detail, kpi.granularities)
    begin, end = Period.read(first).first, Period.read(last).end if last else today + DAY
    asked: list[Period] = []
    if begin >= end:
        faults.add("from", "period_order", "`from` lies after `to`")
    else:
        asked = list(islice(periods(begin, end, granularity), MOST_POINTS + 1))
    if len(asked) > MOST_POINTS:
        faults.add("granularity", "too_many_points", f"a series has at most {MOST_POINTS:,} points")
    faults.refuse()
    return SeriesQuestion(kpi, dims, asked, granularity, today)


def headline_kpis(*, by: str | None, as_of: date | None, today: date) -> list[Kpi]:
    """The KPIs that have a dimension, or all of them.

    Raises:
        Unprocessable: `dimension_not_declared` where none has it, `as_of_in_future`.
    """
    faults = Faults()
    found = [kpi for kpi in KPIS.values() if by is None or by in kpi.dimensions]
    if not found:
        declared_anywhere = list(dict.fromkeys(name for kpi in KPIS.values() for name in kpi.dimensions))
        _not_declared(faults, "by", declared_anywhere)
    check_as_of(faults, as_of, today)
    faults.refuse()
    return found


def declared(kpi: Kpi, dims: Mapping[str, str], by: str | None) -> Breakdown | None:
    """The breakdown in which a question's cells lie; None where it was never declared."""
    return kpi.breakdown({*dims, *([] if by is None else [by])})


def check_as_of(faults: Faults, as_of: date | None, today: date) -> None:
    if as_of and as_of > today:
        faults.add("as_of", "as_of_in_future", "nobody knows the figures of a day that has not come")


def _check_dimensions(faults: Faults, kpi: Kpi, dims: Mapping[str, str], by: str | None) -> None:
    if by in dims:
        faults.add("by", "ambiguous", "stands as a filter too, which leaves one cell of this breakdown")
        return
    if declared(kpi, dims, by) is not None:
        return
    allowed = ["&".join(each) for each in kpi.breakdowns]
    for parameter in ["by"] if by is not None and kpi.breakdown(set(dims)) is not None else list(dims):
        _not_declared(faults, parameter, allowed)


def _not_declared(faults: Faults, parameter: str, allowed: list[str]) -> None:
    detail = f"not kept for this figure; it is broken down by {', '.join(allowed)}"
    faults.add(parameter, "dimension_not_declared", detail, allowed)
