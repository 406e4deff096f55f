"""What callers see of an account statement."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from services.chassis.domain.times import Day
from services.chassis.http.answers.csv_table import Cell
from services.chassis.http.answers.table import Table
from services.chassis.http.view import Shown
from services.contracts.incubator.finance import AccountId
from services.incubator.finance.book import Account, Book
from services.incubator.finance.statements.views import Statement
from services.incubator.finance.turnover import Basis, Turnover


class AccountDay(Shown):
    """A day on which an account was debited or credited."""

    on: Day
    """The day of the zone that is added up."""
    debit: int
    """All debits of the day."""
    credit: int
    """All credits of the day."""
    balance: int
    """What the account held at its end, positive on the side on which it grows."""


class AccountStatementView(Statement):
    """What an account held before some days, what happened on them, and what it held then."""

    account_id: AccountId
    """The account; its entries are found by that."""
    code: str
    """The code of the account, by the chart of accounts of its book: `1002` is the bank."""
    name: str
    """The name of the account, as people read it."""
    first_day: Day
    """The first day that it shows, included; a day of the zone."""
    last_day: Day
    """The last day, included."""
    opening: int
    """What it held before the first day, positive on the side on which it grows."""
    closing: int
    """What it held at the end of the last day."""
    days: list[AccountDay]
    """The days on which it was debited or credited."""

    @classmethod
    def of(
        cls,
        book: Book,
        account: Account,
        opening: int,
        turnovers: Sequence[Turnover],
        first: date,
        last: date,
        basis: Basis,
    ) -> Self:
        days, balance = [], opening
        for each in turnovers:
            balance += account.type.balance(each.debit, each.credit)
            days.append(AccountDay(on=each.on, debit=each.debit, credit=each.credit, balance=balance))
        return cls(
            book_id=book.id,
            owner=book.owner,
            currency=book.currency,
            basis=basis,
            account_id=account.id,
            code=account.code,
            name=account.name,
            first_day=first,
            last_day=last,
            opening=opening,
            closing=balance,
            days=days,
        )

    def table(self) -> Table:
        facts = self._facts(Account=f"{self.code} {self.name}", From=self.first_day, To=self.last_day)
        rows: list[tuple[Cell, ...]] = [
            ("", "Opening", None, None, self._major(self.opening)),
            *(
                (each.on, "", self._major(each.debit), self._major(each.credit), self._major(each.balance))
                for each in self.days
            ),
        ]
        totals = ("", "Closing", None, None, self._major(self.closing))
        return Table("Account statement", facts, ("Day", "", "Debit", "Credit", "Balance"), rows, totals)
