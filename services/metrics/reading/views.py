"""What a caller sees: one shape for every answer, with how far it was computed."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, Field

from services.chassis.consuming.positions import Through
from services.chassis.domain.times import Day
from services.chassis.http.view import Shown
from services.metrics.figures.bucket import Excluded
from services.metrics.figures.kpi import Granularity, Kind, Kpi
from services.metrics.figures.queries import Sum

TIME_ZONE: Literal["Asia/Shanghai"] = "Asia/Shanghai"


class ExcludedMoney(BaseModel):
    """Money in another currency, which is not in the value."""

    currency: str
    value: int
    n: int


class Answer(BaseModel):
    """The value of a KPI; the shown value is value / 10^decimals. Null says that there is none, which is not zero."""

    kpi: str
    dims: dict[str, str]
    value: int | None
    unit: str
    decimals: int
    n: int = Field(description="how many contribute")
    period: str | None = Field(description="null for a stock as of a day; `all` for a flow from the beginning")
    as_of: Day
    time_zone: Literal["Asia/Shanghai"] = TIME_ZONE
    computed_through: Through = Field(description="topic → partition → last offset in the figures")
    excluded: list[ExcludedMoney]
    definition_version: int


class Point(BaseModel):
    """The value in one period of a series."""

    period: str
    value: int | None
    n: int


class Series(Answer):
    """A KPI over time. `value` is a stock's last value and a flow's sum over all points."""

    granularity: Granularity
    points: list[Point]


class CellValue(BaseModel):
    """The value of one cell of a breakdown."""

    dims: dict[str, str]
    value: int | None
    n: int


class BreakdownAnswer(Answer):
    """A KPI by the values of a dimension; they add up to `value`."""

    cells: list[CellValue]


class Definition(Shown):
    """What a KPI means."""

    id: str
    kind: Kind
    unit: str
    decimals: int
    formula: str
    dimensions: list[str]
    pairs: list[list[str]] = Field(description="dimensions that can be asked for together")
    granularities: list[Granularity]
    events: list[str]
    definition_version: int

    @classmethod
    def of(cls, kpi: Kpi) -> Self:
        return cls.showing(
            kpi,
            pairs=[list(each) for each in kpi.breakdowns if len(each) > 1],
            granularities=list(kpi.granularities),
            events=[event.wire_name for event in kpi.events],
        )


class ProjectionStatus(Shown):
    """Whether an event is in the figures; `reason` says why it is parked, `parked` how many of its subject are."""

    event_id: str
    status: Literal["applied", "not_yet", "parked"]
    reason: str | None = None
    parked: int


def value_of(kpi: Kpi, found: Sum, *, observed: bool = True) -> int | None:
    """What is shown of a sum.

    Money to which nobody contributes is null, for nobody stated any; a flow is null before its first event, when
    nobody was counting, and a count is 0 after it.
    """
    if (kpi.is_money and found.n == 0) or not observed:
        return None
    return found.m


def excluded_of(excluded: Mapping[str, Excluded]) -> list[ExcludedMoney]:
    """Money of other currencies, by their code."""
    return [
        ExcludedMoney(currency=currency, value=money.m, n=money.n)
        for currency, money in sorted(excluded.items())
        if money.n
    ]


def answer_of(
    kpi: Kpi,
    dims: Mapping[str, str],
    found: Sum,
    *,
    period: str | None,
    as_of: date,
    through: Through,
    observed: bool,
) -> Answer:
    """The answer about one cell."""
    return Answer(
        kpi=kpi.id,
        dims=dict(dims),
        value=value_of(kpi, found, observed=observed),
        unit=kpi.unit,
        decimals=kpi.decimals,
        n=found.n,
        period=period,
        as_of=as_of,
        computed_through=through,
        excluded=excluded_of(found.excluded),
        definition_version=kpi.definition_version,
    )
