"""A CSV profile: what the table of one bank looks like, so that nothing of it is guessed."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule

Column = Annotated[str, Text(at_most=100)]


class Encoding(StrEnum):
    """In which bytes the letters of a file are written."""

    UTF_8 = "utf-8"
    """With or without a byte order mark."""
    GB18030 = "gb18030"
    CP1252 = "cp1252"
    """Western European, as Windows has it."""


class ThousandsSeparator(StrEnum):
    """What stands between the thousands of an amount."""

    COMMA = ","
    POINT = "."
    APOSTROPHE = "'"
    SPACE = " "

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """With the names that generators are to give its values, which are no words."""
        return handler(core) | {"x-enum-varnames": [each.name for each in cls]}


class DateOrder(StrEnum):
    """In which order a date has its parts, whatever stands between them."""

    YEAR_MONTH_DAY = "ymd"
    DAY_MONTH_YEAR = "dmy"
    MONTH_DAY_YEAR = "mdy"


class RowOrder(StrEnum):
    """In which order the rows stand."""

    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"


def _not_the_same(group: str | None, before: Before) -> Iterator[Violation]:
    if group is not None and group == before.get("decimal"):
        yield Violation("not_distinct", "What stands between thousands is not what stands before decimals.")


def _amounts(debit: str | None, before: Before) -> Iterator[Violation]:
    if "amount" in before and "credit" in before:
        sides = (before["credit"], debit)
        if (before["amount"] is None) is (None in sides) or (before["amount"] and any(sides)):
            yield Violation("one_side", "Either one column has signed amounts, or two have what came in and went out.")


class Columns(Part):
    """What the columns are called in the first row; a column that is named nowhere is not read."""

    booked_on: Column
    """The day on which a line was booked."""
    value_on: Column | None = None
    """The day from which it bears interest."""
    amount: Column | None = None
    """The amount with its sign; null where two columns have it."""
    credit: Column | None = None
    """What came in, without a sign."""
    debit: Annotated[Column | None, cross_rule(_amounts, "one_side"), Field(validate_default=True)] = None
    """What went out, without a sign."""
    balance: Column | None = None
    """What the account held after the line; it judges every row."""
    currency: Column | None = None
    """The currency of the line (ISO 4217)."""
    reference: Column | None = None
    """By which the bank knows the line."""
    text: Column | None = None
    """What it is for."""
    name: Column | None = None
    """Who the other side is."""
    account: Column | None = None
    """The account of the other side."""


class CsvProfile(Part):
    """What the table of a bank looks like. Its first row names the columns."""

    name: Annotated[str, Text(at_most=100)]
    """What people call it, such as the bank and the kind of download."""
    encoding: Annotated[Encoding, Field(strict=False)] = Encoding.UTF_8
    """In which bytes its letters are written."""
    delimiter: Annotated[str, Field(pattern=r"^[,;|\t]$")] = ","
    """What stands between cells."""
    decimal: Annotated[str, Field(pattern="^[.,]$")] = "."
    """What stands before the decimals of an amount."""
    group: Annotated[ThousandsSeparator | None, Field(strict=False), cross_rule(_not_the_same, "not_distinct")] = None
    """What stands between the thousands of an amount; null for nothing."""
    dates: Annotated[DateOrder, Field(strict=False)] = DateOrder.YEAR_MONTH_DAY
    """In which order a date has its parts."""
    rows: Annotated[RowOrder, Field(strict=False)] = RowOrder.OLDEST_FIRST
    """Whether the oldest row comes first or last."""
    columns: Columns
    """What the columns are called."""
