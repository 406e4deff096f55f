"""Figures of a business: of the years it reports, and those with which it enters; and its scope."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from services.chassis.domain.money import Money
from services.chassis.domain.refusals import Refuses
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule, invalid, rule
from services.contracts.registry.businesses import OpeningFigures
from services.registry.businesses.entry.past_day import PastDay

MOST_EMPLOYEES: Final = 10_000_000


def _employees(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_EMPLOYEES:
        invalid(Violation("report_value", "A number of employees is a whole number from 0 to ten million."))
    return int(value)


Employees = Annotated[
    int,
    BeforeValidator(_employees),
    Refuses("report_value"),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_EMPLOYEES}),
]

Figure = Annotated[Money, rule(lambda money: money.amount >= 0, "report_value", "A figure cannot be negative.")]
"""A revenue or a valuation."""


def _year(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 4 or not (value.isascii() and value.isdigit()) or value < "1900":
        invalid(Violation("report_period", "A period is a year in four digits."))
    return str(value)


Year = Annotated[
    str, BeforeValidator(_year), Refuses("report_period"), WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})
]
"""A calendar year, `YYYY`."""


def _of_a_stated_year(period: str | None, before: Before) -> Iterator[Violation]:
    if "revenue" in before and (before["revenue"] is None) != (period is None):
        yield Violation("report_period", "A revenue and its year are stated together.")
    if "as_of" in before and period and date(int(period), 12, 31) > before["as_of"]:
        yield Violation("report_period", "The year was not over by then.")


class Opening(OpeningFigures):
    """With what a business that already trades enters the zone's statistics on its first day."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)

    as_of: PastDay
    """The day on which valuation and employees were so."""
    valuation: Figure | None = None
    """What the whole business is worth; null where it is not stated."""
    revenue: Figure | None = None
    """The revenue of `revenue_period`; null where it is not stated."""
    revenue_period: Annotated[Year | None, cross_rule(_of_a_stated_year, "report_period")] = Field(
        default=None, validate_default=True
    )
    """The year in which the revenue was earned, over by `as_of`; stated with it."""
    employees: Employees | None = None
    """How many people work for the business; null where it is not stated."""


Scope = Annotated[str, Text(at_most=4000, at_least=0, lines=True)]
"""The business scope (经营范围), in the words of the licence; some entries of earlier versions have an empty one."""

StatedScope = Annotated[
    Scope,
    rule(bool, "business_scope_required", "A business says what it does, as its licence has it."),
    Field(json_schema_extra={"minLength": 1}),
]
"""The same as a business states it: it has one."""
