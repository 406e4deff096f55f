"""What a caller sees: one shape for every answer, with how far it was computed."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field

from services.chassis.consuming.positions import Through
from services.chassis.domain.ids import EventId
from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.paging import Page
from services.chassis.http.view import Shown, Tagged
from services.metrics.figures.kpi import Granularity, Kpi, Measured
from services.metrics.figures.periods import DAY
from services.metrics.figures.sums import Excluded
from services.metrics.reading.definitions.views import Definition
from services.metrics.reading.question import Question

ComputedThrough = Annotated[Through, Field(description="Topic → partition → last offset in the figures.")]
TIME_ZONE: Literal["Asia/Shanghai"] = "Asia/Shanghai"


class ExcludedMoney(Shown):
    """Money in another currency, which is not in the value."""

    currency: CurrencyCode
    """The currency that the sum leaves out (ISO 4217): money is never converted."""
    value: int
    """In minor units."""
    n: int
    """How many stated money in it."""


class Quantiles(Shown):
    """Of a distribution, by nearest rank (the ceil(p/100 x n)th value in order); null where nothing contributes."""

    p50: int | None
    """The median: half of the values are at most this."""
    p90: int | None
    """Nine in ten values are at most this."""
    p95: int | None
    """Nineteen in twenty values are at most this."""


def _is_absent(value: object) -> bool:
    return value is None


Dims = Annotated[dict[str, str], Field(description="The dimensions of the cell by name; empty for the total.")]
Value = Annotated[
    int | None, Field(description="Shown / 10^decimals; null where there is none; of a distribution, the median.")
]
Count = Annotated[int, Field(description="How many contribute.")]
Numerator = Annotated[
    int | None, Field(exclude_if=_is_absent, description="Of a ratio alone; money in the minor units of its currency.")
]
Denominator = Annotated[int | None, Field(exclude_if=_is_absent, description="Of a ratio alone.")]
OfDistribution = Annotated[Quantiles | None, Field(exclude_if=_is_absent, description="Of a distribution alone.")]


def _is_not(value: bool) -> bool:
    return not value


Suppressed = Annotated[
    bool,
    Field(
        exclude_if=_is_not,
        description="True where money is withheld from a partner, as fewer than three have it or it would follow.",
    ),
]


class Figure(Shown):
    """The value of a KPI; the shown value is value / 10^decimals. Null says that there is none, which is not zero."""

    kpi: str
    """Which figure; `/kpis/{id}` says what it means."""
    dims: Dims
    value: Value
    unit: str
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """The shown value is value / 10^decimals."""
    n: Count
    suppressed: Suppressed = False
    numerator: Numerator = None
    denominator: Denominator = None
    quantiles: OfDistribution = None
    period: str | None
    """Null for a stock as of a day; `all` for a flow from the beginning."""
    as_of: Day
    """At the end of this day."""
    time_zone: Literal["Asia/Shanghai"] = TIME_ZONE
    """In which days are days."""
    excluded: list[ExcludedMoney]
    """Money in other currencies, which is never converted."""
    definition_version: int
    """Raised when the same events give another value."""


class Computed(Tagged):
    """An answer made of figures; it shows how far it was computed, so that its tag is another with each new event."""


class Headline(Page[Figure], Computed):
    """The zone's figures, what each of them means, and how far they were computed."""

    definitions: list[Definition]
    """Of every figure in `data`, once."""
    computed_through: ComputedThrough


class Answer(Figure, Computed):
    """One figure, and how far it was computed."""

    computed_through: ComputedThrough


class Point(Shown):
    """The value in one period of a series."""

    period: str
    """2017, 2026-Q3, 2026-07 or 2026-07-14."""
    complete: bool
    """Whether the period is over: the value of a running one is as of today."""
    value: Value
    n: Count
    suppressed: Suppressed = False
    numerator: Numerator = None
    denominator: Denominator = None
    quantiles: OfDistribution = None


class Series(Answer):
    """A KPI over time. `value` is a stock's last value, and of what happens on days that of all points together."""

    granularity: Granularity
    """Of which length the periods are."""
    points: list[Point]
    """One a period, in order."""


class CellValue(Shown):
    """The value of one cell of a breakdown."""

    dims: Dims
    value: Value
    n: Count
    suppressed: Suppressed = False
    numerator: Numerator = None
    denominator: Denominator = None
    quantiles: OfDistribution = None


class BreakdownAnswer(Answer):
    """A KPI by the values of a dimension; stocks and flows add up to `value`, of a ratio both of its sums do."""

    cells: list[CellValue]
    """Every known value, also where it is empty, then others that were found."""


class ProjectionStatus(Shown):
    """Whether an event is in the figures."""

    event_id: EventId
    """The event that was asked about, `<id>:<ten digits>`."""
    status: Literal["applied", "not_yet", "parked"]
    """In the figures, still to come, or put aside as it could not be applied."""
    reason: str | None = None
    """Why it is parked."""
    parked: int
    """How many events of its subject are parked."""


def excluded_of(excluded: Mapping[str, Excluded]) -> list[ExcludedMoney]:
    """Money of other currencies, by their code."""
    return [
        ExcludedMoney(currency=currency, value=money.m, n=money.n)
        for currency, money in sorted(excluded.items())
        if money.n
    ]


def figure_of(kpi: Kpi, dims: Mapping[str, str], measured: Measured, *, period: str | None, as_of: date) -> Figure:
    """What is shown of one cell of a KPI."""
    return Figure(
        kpi=kpi.id,
        dims=dict(dims),
        unit=kpi.unit,
        decimals=kpi.decimals,
        period=period,
        as_of=as_of,
        excluded=excluded_of(measured.excluded),
        definition_version=kpi.definition_version,
        **measures(measured),
    )


def point_of(period: str, measured: Measured, *, complete: bool) -> Point:
    """What is shown of one period."""
    return Point(period=period, complete=complete, **measures(measured))


def cell_value_of(dims: Mapping[str, str], measured: Measured) -> CellValue:
    """What is shown of one cell of a breakdown."""
    return CellValue(dims=dict(dims), **measures(measured))


def measures(measured: Measured) -> dict[str, Any]:
    """The numbers of whatever shows what was measured."""
    return {
        "value": measured.value,
        "n": measured.n,
        "suppressed": measured.suppressed,
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "quantiles": None if measured.quantiles is None else Quantiles(**measured.quantiles),
    }


class ShownDays(TypedDict):
    """Of which days an answer says that it is."""

    period: str | None
    as_of: date


def shown_days(asked: Question) -> ShownDays:
    """The period that is asked for, and the day at whose end it is looked at."""
    is_stock = asked.kpi.timing == "stock"
    return {
        "period": asked.period.name if asked.period else None if is_stock else "all",
        "as_of": asked.end - DAY if is_stock else asked.as_of,
    }
