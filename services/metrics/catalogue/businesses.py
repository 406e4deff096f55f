"""What each event changes in the figures, and from which day on."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.chassis.domain.times import zone_date
from services.contracts.registry.businesses import (
    AnnualReportFiled,
    BusinessRegistered,
    BusinessResumed,
    BusinessSuspended,
    OpeningFigures,
)
from services.metrics.catalogue.sections import section_of
from services.metrics.figures.entity import Fact

Said = tuple[str, dict[str, Any]]
"""A day, and the members that have these values from it on."""


YEAR = re.compile(r"\d{4}", re.ASCII)


def business_key(event: Any) -> str:
    """The entity that an event about a business concerns."""
    return f"business|{event.business_id}"


def facts(event: Event) -> list[Fact]:
    """The dated facts that an event states; facts without a value are left out.

    Raises:
        Reject: a sector that is no GB/T 4754-2017 code, a year that is none, revenue without its year.
    """
    at = event.envelope
    said = _merged(_said(event, zone_date(at.effective).isoformat()))
    return [Fact(on=on, subject=at.subject, sequence=at.sequence, set=members) for on, members in said]


def _said(event: Event, on: str) -> Iterator[Said]:
    match event:
        case BusinessRegistered():
            yield (
                on,
                {"registered": True, "status": "active", "kind": str(event.kind), "sector": _section(event.sector)},
            )
            yield on, {"entry_year": f"{event.zone_entry_on.year:04d}"}
            if event.opening_figures is not None:
                yield from _opening(event.opening_figures)
        case BusinessSuspended():
            yield on, {"status": "suspended"}
        case BusinessResumed():
            yield on, {"status": "active"}
        case AnnualReportFiled():
            end = _last_day(event.period)
            yield end, _stated(valuation=event.valuation, revenue=event.revenue, employees=event.employees)
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def _opening(figures: OpeningFigures) -> Iterator[Said]:
    yield figures.as_of.isoformat(), _stated(valuation=figures.valuation, employees=figures.employees)
    if figures.revenue is not None:
        yield _last_day(figures.revenue_period), _stated(revenue=figures.revenue)


def _stated(**values: Money | int | None) -> dict[str, Any]:
    """The figures that were given, as facts keep them."""
    return {
        name: {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value
        for name, value in values.items()
        if value is not None
    }


def _merged(said: Iterable[Said]) -> Iterator[Said]:
    """One fact a day."""
    days: dict[str, dict[str, Any]] = {}
    for on, members in said:
        days.setdefault(on, {}).update(members)
    return ((on, members) for on, members in days.items() if members)


def _section(code: str) -> str:
    try:
        return section_of(code)
    except ValueError as error:
        raise Reject(f"the sector is {error}") from None


def _last_day(year: str | None) -> str:
    if year is None or not YEAR.fullmatch(year):
        raise Reject("a figure of a year does not name its year as YYYY")
    return f"{year}-12-31"


Sector = Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T"]
"""A section of GB/T 4754-2017."""


Size = Literal["micro", "small", "medium", "large", "unknown"]
"""By employees last stated; unknown until they are."""


def size_of(employees: int | None) -> Size:
    """The size class of an industrial enterprise by its employees.

    National Bureau of Statistics, 统计上大中小微型企业划分办法 (2017): 20, 300 and 1,000.
    """
    if employees is None:
        return "unknown"
    if employees < 20:
        return "micro"
    if employees < 300:
        return "small"
    return "medium" if employees < 1_000 else "large"
