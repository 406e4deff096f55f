"""What callers send of books, accounts and entries."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from services.chassis.domain.money import CurrencyCode, MinorUnits
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule, rule
from services.incubator.finance.chart import AccountType, Constraint
from services.incubator.finance.entry import HOUSE
from services.incubator.finance.period import AccountingPeriod, Entered

AccountCode = Annotated[str, StringConstraints(pattern="^[0-9]{4,10}$")]
AccountName = Annotated[str, Text(at_most=100)]
Description = Annotated[str, Text(at_most=200)]
Reference = Annotated[
    str,
    Text(at_most=100),
    rule(
        lambda text: not text.startswith(HOUSE),
        "reference_reserved",
        f"What begins with {HOUSE} are the references of entries that the zone posts itself.",
    ),
]


class OpenAccount(Part):
    """An account that a book is to have besides those that it began with."""

    code: AccountCode
    """Its number in the national chart of accounts (会计科目), or below one of it."""
    name: AccountName
    """By which people call it."""
    type: Annotated[AccountType, Field(strict=False)]
    """On which side it grows."""
    constraint: Annotated[Constraint, Field(strict=False)] | None = None
    """What it must never do; null for nothing."""


def _one_side(credit: int, before: Before) -> Iterator[Violation]:
    if "debit" in before and sorted((before["debit"], credit)) != [0, max(before["debit"], credit, 1)]:
        yield Violation("one_side", "A line has exactly one of debit and credit, and it is more than 0.")


class PostedSide(Part):
    """One line of an entry."""

    code: AccountCode
    """The account, by its code."""
    debit: MinorUnits = 0
    """Minor units of the entry's currency on its debit side."""
    credit: Annotated[MinorUnits, cross_rule(_one_side, "one_side"), Field(validate_default=True)] = 0
    """Minor units of the entry's currency on its credit side."""


class PostEntry(Part):
    """An entry of the journal."""

    reference: Reference
    """Unique in its book: the same entry again is the one that is there."""
    effective_on: Annotated[Day, Entered]
    """For which day it counts; today or earlier, and in a period that is open."""
    description: Description
    """What it is about."""
    currency: CurrencyCode
    """That of the book."""
    lines: Annotated[list[PostedSide], Field(min_length=2, max_length=100)]
    """At least two; the debits are as much as the credits."""


class ReverseEntry(Part):
    """How an entry is taken back."""

    effective_on: Annotated[Day, Entered] | None = None
    """For which day the reversal counts; the day of the entry itself where it is null."""
    description: Description | None = None
    """Why; null for the usual words."""


class ClosePeriod(Part):
    """A month that is to be closed, with all before it."""

    period: AccountingPeriod
    """The month, `2026-03`."""
