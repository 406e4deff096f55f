"""The annual report (年度报告): what a business states, once for each year that has ended."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from services.contracts.registry import FilingType
from services.registry.activity import Employees, Figure, Year
from services.registry.business import Business, LatestReport
from services.registry.part import Line, Part
from services.registry.payload import Change, Claimed, ReviewPolicy
from services.registry.place import Address, Contacts
from services.registry.violations import Violation, invalid

if TYPE_CHECKING:
    from services.registry.filing import Filing


class Investment(Part):
    """A business in which the reporting one has put money."""

    name: Line
    identifier: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)] | None = None


class AnnualReport(Change):
    """Address, contacts, state of operation, investments and figures of one year (企业信息公示暂行条例, art. 9).

    Between 1 January and 30 June is its time; later is late, and still accepted.
    """

    type: ClassVar = FilingType.ANNUAL_REPORT

    period: Year
    revenue: Figure | None = None
    valuation: Figure | None = None
    employees: Employees | None = None
    address: Address | None = None
    contacts: Contacts | None = None
    state_of_operation: Line | None = None
    investments: list[Investment] = Field(default=[], max_length=1000)

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        if self.revenue and self.valuation and self.revenue.currency != self.valuation.currency:
            detail = "The figures of a report are in one currency."
            invalid(Violation("report_value", detail, ("valuation", "currency")))
        return self

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

    def claims(self, filing: "Filing") -> Iterator[Claimed]:
        key = f"report|{filing.business_id}|{self.period}"
        yield Claimed(key, filing.id, "report_exists", "There is a report for this year.")

    def change(self, business: Business, *, effective_at: datetime) -> None:
        """The figures of the latest year stand in the register."""
        said = LatestReport(
            period=self.period, revenue=self.revenue, valuation=self.valuation, employees=self.employees
        )
        business.report(said, effective_at=effective_at)
