"""What a business does, and with what means: sectors, capital, and the figures with which it enters."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from services.chassis.money import Money, PositiveOrZero
from services.contracts.registry import OpeningFigures
from services.registry.part import Part, PastDay
from services.registry.sectors import SectorError, primary_sector, sector
from services.registry.violations import Before, Violation, beside, checked, invalid, rule

PRIOR_APPROVAL: Final = (
    *("16", "5128"),  # tobacco: made, sold wholesale
    "2671",  # civil explosives
    *("661", "662", "663", "671", "672", "674", "681", "682", "683"),  # banks, securities, funds, futures, insurers
    "7271",  # guards
)
"""Codes of GB/T 4754-2017 whose activities need an approval before registration (企业登记前置审批事项目录, 2021)."""


def _known(code: str, before: Before) -> Iterator[Violation]:
    try:
        if "scheme" in before:
            sector(before["scheme"], code)
    except SectorError as unknown:
        yield unknown.at()


class SectorCode(Part):
    """One category of a classification under which a business trades."""

    scheme: Literal["GBT4754-2017", "ISIC4"]
    code: Annotated[str, beside(_known)]
    primary: bool

    @model_validator(mode="after")
    def _fine_enough(self) -> Self:
        if self.primary:
            checked(primary_sector, "code")(self.scheme, self.code)
        return self

    @property
    def needs_prior_approval(self) -> bool:
        """Whether its activity may begin only with an approval of another authority."""
        return self.scheme == "GBT4754-2017" and self.code.startswith(PRIOR_APPROVAL)


def sector_violations(sectors: list[SectorCode]) -> Iterator[Violation]:
    """What is wrong with the sectors of a business, taken together."""
    if sum(each.primary for each in sectors) != 1:
        yield Violation("sector_primary", "Exactly one sector is the primary one.")
    codes = [(each.scheme, each.code) for each in sectors]
    for place, each in enumerate(codes):
        if each in codes[:place]:
            yield Violation("sector_primary", "This sector is listed already.", (place, "code"))


def _in_range(paid_in: Money, before: Before) -> Iterator[Violation]:
    registered: Money | None = before.get("registered")
    if registered and paid_in.currency != registered.currency:
        yield Violation("capital_range", "Both amounts are in one currency.", ("currency",))
    if registered and paid_in.amount > registered.amount:
        yield Violation("capital_range", "No more is paid in than is registered.", ("amount",))


class Capital(Part):
    """The registered capital and how much of it has been paid in."""

    registered: PositiveOrZero
    paid_in: Annotated[PositiveOrZero, beside(_in_range)]


MOST_EMPLOYEES: Final = 10_000_000


def _employees(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_EMPLOYEES:
        invalid(Violation("report_value", "A number of employees is a whole number from 0 to ten million."))
    return int(value)


Employees = Annotated[int, BeforeValidator(_employees), WithJsonSchema({"type": "integer", "minimum": 0})]
Figure = Annotated[Money, rule(lambda money: money.amount >= 0, "report_value", "A figure cannot be negative.")]
"""A revenue or a valuation."""


def _year(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 4 or not (value.isascii() and value.isdigit()) or value < "1900":
        invalid(Violation("report_period", "A period is a year in four digits."))
    return str(value)


Year = Annotated[str, BeforeValidator(_year), WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})]
"""A calendar year, `YYYY`."""


def _of_a_stated_year(period: str | None, before: Before) -> Iterator[Violation]:
    if "revenue" in before and (before["revenue"] is None) != (period is None):
        yield Violation("report_period", "A revenue and its year are stated together.")
    if "as_of" in before and period and date(int(period), 12, 31) > before["as_of"]:
        yield Violation("report_period", "The year was not over by then.")


class Opening(OpeningFigures):
    """With what a business that already trades enters the zone's statistics on its first day."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    as_of: PastDay
    valuation: Figure | None = None
    revenue: Figure | None = None
    revenue_period: Annotated[Year | None, beside(_of_a_stated_year)] = Field(default=None, validate_default=True)
    employees: Employees | None = None


Scope = Annotated[str, Field(max_length=4000)]
"""The business scope (经营范围), in the words of the licence."""
