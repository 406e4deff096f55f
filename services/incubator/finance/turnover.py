"""Turnovers: what was debited and credited to an account in a day or a month, counted up as entries are posted."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import Day
from services.contracts.incubator.finance import AccountId, BookId
from services.incubator.finance.entry import Entry
from services.incubator.finance.period import first_day, period_of


class Basis(StrEnum):
    """By which day an entry counts: bi-temporal accounting."""

    EFFECTIVE = "effective"
    """The day for which it was entered."""
    RECORDED = "recorded"
    """The day on which it was entered."""


class Span(StrEnum):
    """How long a turnover is of."""

    DAY = "day"
    MONTH = "month"


class Turnover(Row):
    """What was debited and credited to an account in a day or a month, in minor units: a rollup of entries.

    Attributes:
        on: the day, or the first day of the month.
    """

    collection: ClassVar[str] = "turnovers"
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("book_id", 1), ("basis", 1), ("span", 1), ("on", 1)),
        (("account_id", 1), ("basis", 1), ("span", 1), ("on", 1)),
    )

    version: int
    book_id: BookId
    account_id: AccountId
    basis: Basis
    span: Span
    on: Day
    debit: int
    credit: int


class Move(NamedTuple):
    """A turnover that an entry moves: the id of its row, what that says besides, and by how much."""

    id: str
    create: dict[str, Any]
    by: dict[str, int]


def moves_of(entry: Entry) -> Iterator[Move]:
    """The turnovers that an entry moves: those of its accounts, by either basis, of the day and of its month."""
    for line in entry.lines:
        by = {"debit": line.debit, "credit": line.credit}
        for basis, day in ((Basis.EFFECTIVE, entry.effective_on), (Basis.RECORDED, entry.recorded_on)):
            for span, on in ((Span.DAY, day), (Span.MONTH, first_day(period_of(day)))):
                create = {"book_id": entry.book_id, "account_id": line.account_id, "basis": basis.value}
                yield Move(f"{line.account_id}:{basis}:{span}:{on}", {**create, "span": span.value, "on": on}, by)


def through(day: date, basis: Basis, **of: str) -> dict[str, Any]:
    """The turnovers that together make a balance at the end of a day: whole months, then days.

    Args:
        of: `book_id` or `account_id`. It stands in both alternatives, so that each is a range of an index.
    """
    month = first_day(period_of(day))
    return {
        "$or": [
            {**of, "basis": basis, "span": Span.MONTH, "on": {"$lt": month}},
            {**of, "basis": basis, "span": Span.DAY, "on": {"$gte": month, "$lte": day}},
        ]
    }
