"""What callers see of the things that a figure is made of, and of the facts that make what each of them adds."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from services.chassis.domain.ids import AnyId, EventId
from services.chassis.domain.times import Day
from services.chassis.http.paging import Page
from services.chassis.http.view import Shown
from services.metrics.figures.entity import Entity, Fact
from services.metrics.figures.kpi import Kpi, Measured
from services.metrics.figures.sums import Sum
from services.metrics.reading.views import (
    TIME_ZONE,
    Computed,
    ComputedThrough,
    Count,
    Denominator,
    Dims,
    ExcludedMoney,
    Numerator,
    OfDistribution,
    Suppressed,
    Value,
    excluded_of,
    measures,
)


def _is_absent(value: object) -> bool:
    return value is None


Occurring = Annotated[
    dict[str, int] | None,
    Field(exclude_if=_is_absent, description="Of a distribution alone: how often each number occurs."),
]


class Contributor(Shown):
    """One thing that is counted in a cell, and what it adds: all of them together are the figure.

    Of a ratio, numerators and denominators add up; of a distribution, how often each number occurs.
    """

    id: str
    """Of the thing: a business, an invoice, a service point and a month."""
    type: str
    """What it is."""
    business_id: AnyId | None
    """The business that it belongs to; null where it is the zone's own."""
    value: Value
    n: Count
    suppressed: Suppressed = False
    numerator: Numerator = None
    denominator: Denominator = None
    quantiles: OfDistribution = None
    occurring: Occurring = None
    excluded: list[ExcludedMoney]
    """Money in other currencies, which is never converted."""

    @classmethod
    def of(cls, entity: Entity, kpi: Kpi, measured: Measured, added: Sum) -> Self:
        return cls(
            id=entity.thing,
            type=entity.id.partition("|")[0],
            business_id=entity.business_id,
            occurring={value: n for value, n in added.hist.items() if n} if kpi.kind == "dist" else None,
            excluded=excluded_of(measured.excluded),
            **measures(measured),
        )


class AskedFor(Computed):
    """The figure that is explained: which, of which cell and days, and how far it was computed."""

    kpi: str
    """Which figure; `/kpis/{id}` says what it means."""
    dims: Dims
    unit: str
    """A currency, what is counted, or `ratio` for a pure number."""
    decimals: int
    """The shown value is value / 10^decimals."""
    period: str | None
    """Null for a stock as of a day; `all` for a flow from the beginning."""
    as_of: Day
    """At the end of this day."""
    time_zone: Literal["Asia/Shanghai"] = TIME_ZONE
    """In which days are days."""
    definition_version: int
    """Raised when the same events give another value."""
    computed_through: ComputedThrough


class Contributors(Page[Contributor], AskedFor):
    """Some of the things that are counted in a cell, by their ids; over all pages they add up to the figure.

    A page may be shorter than asked for, and empty, though others follow: what counted in this cell on other days alone
    is passed over.
    """


class FactView(Shown):
    """What an event said of a thing, true from a day on."""

    event_id: EventId
    """Which event: `<what it is about>:<its number>`, such as an invoice or a filing."""
    on: Day
    """The day of the zone from which on it is true."""
    set: dict[str, Any]
    """What it said, by the names that figures are declared in; null where it took something back."""
    filing_id: AnyId | None
    """The filing by which it came to be, where it was one."""
    trace_id: str | None
    """The trace of the request in which it was recorded; null where it had none."""

    @classmethod
    def of(cls, fact: Fact) -> Self:
        return cls(
            event_id=fact.event_id,
            on=date.fromisoformat(fact.on),
            set=fact.set,
            filing_id=fact.filing or None,
            trace_id=fact.trace or None,
        )


class Contribution(AskedFor):
    """What one thing adds to a figure, and the facts that make it so."""

    contributor: Contributor
    """The business, invoice or other thing that is counted, with its part in the figure."""
    facts: list[FactView]
    """In their order: without any of their events the thing would add something else. What was overtaken is left out,
    and of what was said twice the newer is named. Of a thing of more than 64 events some are named together."""
