"""Businesses: what each event changes in the figures, from which day on, and the KPIs that follow."""

import re
from collections.abc import Iterator
from typing import Any, Final, get_args

from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.contracts.incubator.startups.rounds import CompanyValued
from services.contracts.registry.businesses import (
    AnnualReportFiled,
    BusinessRegistered,
    BusinessResumed,
    BusinessSuspended,
    OpeningFigures,
)
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
)
from services.metrics.catalogue.dimensions.places import BUSINESS_KIND
from services.metrics.catalogue.dimensions.sections import SECTOR, stated_section
from services.metrics.catalogue.dimensions.sizes import Size, size_of
from services.metrics.catalogue.offices import Office
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.history import days_in
from services.metrics.figures.kept import Dist, Flow, Ratio, Stock
from services.metrics.figures.kpi import Name
from services.metrics.figures.periods import Year
from services.metrics.figures.subject import DatedFacts, Subject, effective_day

YEAR: Final = re.compile(r"\d{4}", re.ASCII)


def stated(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a business: opening figures from their day on, a report from the last day of its year.

    A priced round says what a business is worth from the day on which it closed.

    Raises:
        Reject: a sector that is no GB/T 4754-2017 code, a year that is none, revenue without its year.
    """
    on = effective_day(event)
    match event:
        case BusinessRegistered():
            yield on, {"registered": True, "status": "active", "kind": str(event.kind)}
            yield on, {"sector": stated_section(event.sector), "entry_year": f"{event.zone_entry_on.year:04d}"}
            if event.opening_figures is not None:
                yield from _opening(event.opening_figures)
        case BusinessSuspended():
            yield on, {"status": "suspended"}
        case BusinessResumed():
            yield on, {"status": "active"}
        case BusinessDissolutionStarted():
            yield on, {"status": "dissolving"}
        case BusinessDissolutionCancelled():
            yield on, {"status": str(event.status)}
        case BusinessDissolved():
            yield on, {"status": "dissolved", "deregistered": True}
        case AnnualReportFiled():
            end = _last_day(event.period)
            yield end, _given(valuation=event.valuation, revenue=event.revenue, employees=event.employees)
        case CompanyValued():
            yield event.valued_on.isoformat(), _given(valuation=event.valuation)
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def _opening(figures: OpeningFigures) -> Iterator[DatedFacts]:
    yield figures.as_of.isoformat(), _given(valuation=figures.valuation, employees=figures.employees)
    if figures.revenue is not None:
        yield _last_day(figures.revenue_period), _given(revenue=figures.revenue)


def _given(**values: Money | int | None) -> dict[str, Any]:
    """The figures that were given, as facts keep them."""
    return {
        name: {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value
        for name, value in values.items()
        if value is not None
    }


def _last_day(year: str | None) -> str:
    if year is None or not YEAR.fullmatch(year):
        raise Reject("a figure of a year does not name its year as YYYY")
    return f"{year}-12-31"


STATUS: Final = (
    BusinessRegistered,
    BusinessSuspended,
    BusinessResumed,
    BusinessDissolutionStarted,
    BusinessDissolutionCancelled,
    BusinessDissolved,
)
STATEMENTS: Final = (BusinessRegistered, AnnualReportFiled)
FIGURES: Final = (*STATUS, AnnualReportFiled)
VALUATIONS: Final = (*FIGURES, CompanyValued)

ACTIVE: Final = Stock(
    "businesses_active",
    name=Name("Active businesses", "存续经营企业数"),
    owner=Office.REGISTRATION,
    of="status",
    unit="businesses",
    formula="businesses whose status is active",
    events=STATUS,
)
REGISTERED: Final = Flow(
    "businesses_registered",
    name=Name("Businesses registered", "新登记企业数"),
    owner=Office.REGISTRATION,
    of="registered",
    unit="businesses",
    formula="registrations, by the day on which they took effect",
    events=(BusinessRegistered,),
)
DEREGISTERED: Final = Flow(
    "businesses_deregistered",
    name=Name("Businesses deregistered", "注销企业数"),
    owner=Office.REGISTRATION,
    of="deregistered",
    unit="businesses",
    formula="dissolutions, by the day on which the business left the register",
    events=(BusinessDissolved,),
)
VALUATION: Final = Stock(
    "valuation_total",
    name=Name("Valuation of active businesses", "企业估值总额"),
    owner=Office.REGISTRATION,
    of="valuation",
    unit="CNY",
    stated=True,
    formula="sum, over active businesses, of the valuation with the latest date, stated by it or by a priced round",
    events=VALUATIONS,
)
REVENUE: Final = Stock(
    "revenue_total",
    name=Name("Revenue of active businesses", "企业营业收入总额"),
    owner=Office.REGISTRATION,
    of="revenue",
    unit="CNY",
    stated=True,
    formula="sum, over active businesses, of the revenue of the latest year that each has stated",
    events=FIGURES,
)
REVENUE_REPORTED: Final = Flow(
    "revenue_reported",
    name=Name("Revenue reported by year", "年度申报营业收入"),
    owner=Office.REGISTRATION,
    of="revenue",
    unit="CNY",
    stated=True,
    formula="sum of revenue by the year in which it was earned; the last statement for a year counts",
    events=STATEMENTS,
    finest="year",
    overlaps=True,
)
REVENUE_PER_EMPLOYEE: Final = Ratio(
    "revenue_per_employee",
    name=Name("Revenue per employee", "人均营业收入"),
    owner=Office.REGISTRATION,
    numerator="revenue",
    denominator="employees",
    unit="CNY",
    formula="revenue_total / employees last stated, over active businesses that have stated both",
    events=FIGURES,
)
SUSPENSION_DAYS: Final = Dist(
    "suspension_days",
    name=Name("Days of suspension", "停业天数"),
    owner=Office.REGISTRATION,
    of=days_in("status", "suspended", until="active"),
    unit="days",
    formula="days from each suspension to the resumption that ended it, on the day of the resumption; the median",
    events=STATUS,
)

BUSINESS: Final = Subject(
    "business",
    heard_of=("biz", "rnd"),
    events=VALUATIONS,
    id_of=lambda event: event.business_id,
    facts=stated,
    known_by="registered",
    counted_while=lambda state: state.get("status") == "active",
    dimensions=(
        BUSINESS_KIND,
        SECTOR,
        Dimension(
            "size",
            Size,
            values=get_args(Size),
            of=lambda state: size_of(state.get("employees")),
            about="By employees last stated.",
        ),
        Dimension("entry_year", Year, of=lambda state: str(state["entry_year"]), about="Year of entry into the zone."),
    ),
    pairs=(("kind", "sector"),),
    kpis=(
        ACTIVE,
        REGISTERED,
        VALUATION,
        REVENUE,
        REVENUE_REPORTED,
        REVENUE_PER_EMPLOYEE,
        SUSPENSION_DAYS,
        DEREGISTERED,
    ),
)
"""A business is counted as soon as its registration has taken effect, and while it is active."""
