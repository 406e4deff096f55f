"""What statements read: turnovers, never entries; and for which days they are asked."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query

from services.chassis.domain.times import Day, zone_date
from services.chassis.domain.violations import Violation, in_years, refuse_parameters
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Account, Book
from services.incubator.finance.period import FIRST_YEAR, day_before
from services.incubator.finance.queries import MOST_ACCOUNTS, AccountRef, BookRef
from services.incubator.finance.statements.statement import Held, Position
from services.incubator.finance.turnover import Basis, Span, Turnover, through

MOST_TURNOVERS = (MOST_ACCOUNTS + 1) * (12 * 130 + 31)
"""Of one basis up to one day: a book begins in 1970 at the earliest."""
MOST_DAYS = 3_660
"""Of an account statement: ten years."""

StatedDay = Annotated[Day, in_years(FIRST_YEAR, 2099, "date_range", "A statement is of a day from 1970 to 2099.")]
AsOf = Annotated[StatedDay | None, Query(description="At the end of this day; today where it is left out.")]
From = Annotated[
    StatedDay | None, Query(alias="from", description="The first day; the first of the last day's year if left out.")
]
To = Annotated[StatedDay | None, Query(description="The last day, included; today where it is left out.")]
InBasis = Annotated[
    Basis, Query(description="Whether an entry counts on the day for which it was entered, or on which it was.")
]


async def account_place(book_id: BookRef, account_id: AccountRef) -> tuple[str, str]:
    """A book and an account of it, by their ids."""
    return book_id, account_id


InAccount = Annotated[tuple[str, str], Depends(account_place)]


def day_asked(as_of: date | None, tx: Tx) -> date:
    """The day that is asked for; today by default."""
    return as_of or zone_date(tx.now)


def days_asked(first: date | None, last: date | None, tx: Tx, *, at_most: int | None = None) -> tuple[date, date]:
    """From a day to another, both included.

    Raises:
        Unprocessable: `period_order`; `date_range`, they are more than so many.
    """
    last = day_asked(last, tx)
    first = first or date(last.year, 1, 1)
    if last < first:
        refuse_parameters(Violation("period_order", "The last day is not before the first.", ("to",)))
    if at_most is not None and (last - first).days >= at_most:
        refuse_parameters(Violation("date_range", f"At most {at_most} days are shown at once.", ("to",)))
    return first, last


async def position_on(book: Book, day: date, basis: Basis, tx: Tx) -> Position:
    """What a book holds at the end of a day, and at the end of the year before."""
    return Position(await held_on(book, day, basis, tx), await held_on(book, date(day.year - 1, 12, 31), basis, tx))


async def held_on(book: Book, day: date, basis: Basis, tx: Tx) -> list[Held]:
    """What each account was debited and credited up to a day, by code; those without any entry are left out."""
    return await _held(through(day, basis, book_id=book.id), tx)


async def held_between(book: Book, first: date, last: date, basis: Basis, tx: Tx) -> list[Held]:
    """What each account was debited and credited within some days, by code."""
    before = {each.account.id: each for each in await held_on(book, day_before(first), basis, tx)}
    found = []
    for each in await held_on(book, last, basis, tx):
        old = before.get(each.account.id, Held(each.account, 0, 0))
        if (each.debit, each.credit) != (old.debit, old.credit):
            found.append(Held(each.account, each.debit - old.debit, each.credit - old.credit))
    return found


async def opening_of(account: Account, first: date, basis: Basis, tx: Tx) -> int:
    """What an account held before a day."""
    rows = await _turnovers(through(day_before(first), basis, account_id=account.id), tx)
    return account.type.balance(sum(each.debit for each in rows), sum(each.credit for each in rows))


async def days_of(account: Account, first: date, last: date, basis: Basis, tx: Tx) -> list[Turnover]:
    """The days on which an account was debited or credited, in order."""
    where = {"account_id": account.id, "basis": basis, "span": Span.DAY, "on": {"$gte": first, "$lte": last}}
    return await _turnovers(where, tx)


async def _held(where: Mapping[str, Any], tx: Tx) -> list[Held]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in await _turnovers(where, tx):
        sums[row.account_id][0] += row.debit
        sums[row.account_id][1] += row.credit
    await tx.load(Account, sums)
    found = [Held(await tx.get(Account, id), debit, credit) for id, (debit, credit) in sums.items()]
    return sorted(found, key=lambda each: each.account.code)


async def _turnovers(where: Mapping[str, Any], tx: Tx) -> list[Turnover]:
    """In the order of the index by which they are found."""
    return await tx.select(Turnover, where, sort=(("span", 1), ("on", 1)), limit=MOST_TURNOVERS)
