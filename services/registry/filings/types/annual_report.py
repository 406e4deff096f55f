"""The annual report (年度报告): what a business states, once for each year that has ended."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.chassis.domain.money import Money
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingId, FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.addresses import Address
from services.registry.businesses.entry.contacts import Contacts
from services.registry.businesses.entry.figures import Employees, Figure, Year
from services.registry.businesses.entry.line import Line
from services.registry.businesses.record import LatestReport
from services.registry.filings.payload import Change, Claimed, ReviewPolicy


class Investment(Part):
    """A business in which the reporting one has put money."""

    name: Line
    """The name of the business in which the money was put."""
    identifier: Annotated[str, Text(at_most=50)] | None = None
    """Its credit code or another number by which it can be found."""


def _in_one_currency(valuation: Money | None, before: Before) -> Iterator[Violation]:
    revenue: Money | None = before.get("revenue")
    if revenue and valuation and revenue.currency != valuation.currency:
        yield Violation("report_value", "The figures of a report are in one currency.", ("currency",))


class AnnualReport(Change):
    """Address, contacts, state of operation, investments and figures of one year (企业信息公示暂行条例, art. 9).

    Between 1 January and 30 June is its time; later is late, and still accepted.
    """

    refuses: ClassVar = ("report_period",)
    refuses_later: ClassVar = ("report_exists",)

    type: Literal[FilingType.ANNUAL_REPORT] = FilingType.ANNUAL_REPORT
    """The type of the filing that says this."""
    period: Year
    """The year that is reported, over by now; one report a year."""
    revenue: Figure | None = None
    """The revenue of the year; null where it is not stated."""
    valuation: Annotated[Figure | None, cross_rule(_in_one_currency, "report_value")] = None
    """What the business was worth at the end of the year, in the currency of the revenue; null where not stated."""
    employees: Employees | None = None
    """How many people worked for it at the end of the year; null where it is not stated."""
    address: Address | None = None
    """Where it can be reached by post (通信地址)."""
    contacts: Contacts | None = None
    """How else it can be reached."""
    state_of_operation: Line | None = None
    """How it is doing (经营状态), in its own words."""
    investments: list[Investment] = Field(default=[], max_length=200)
    """The businesses in which it has put money."""

    @property
    def group(self) -> str:
        return f"annual_report:{self.period}"

    @property
    def review_policy(self) -> ReviewPolicy:
        return ReviewPolicy.AUTOMATIC

    def violations_for(self, business: Business, today: date) -> Iterator[Violation]:
        if int(self.period) >= today.year:
            yield Violation("report_period", "A report is for a year that has ended.", ("period",))
        if int(self.period) < business.established_on.year:
            yield Violation("report_period", "The business was not established yet.", ("period",))

    def claims(self, business_id: BusinessId, filing_id: FilingId) -> Iterator[Claimed]:
        key = f"report|{business_id}|{self.period}"
        yield Claimed(key, filing_id, "report_exists", "There is a report for this year.", ("period",))

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The figures of the latest year stand in the register."""
        said = LatestReport(
            period=self.period, revenue=self.revenue, valuation=self.valuation, employees=self.employees
        )
        business.report(said, effective_at=effective_at)
