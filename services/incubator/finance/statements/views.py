"""What callers see of statements: as JSON in minor units, and as tables for people in major units."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Self

from services.chassis.domain.money import DIGITS, CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.answers.table import Table
from services.chassis.http.view import Shown, Tagged
from services.contracts.incubator.finance import AccountId, BookId
from services.incubator.finance.book import Book
from services.incubator.finance.chart import AccountType
from services.incubator.finance.statements.statement import Held, Position, result_of, sum_of
from services.incubator.finance.turnover import Basis


def major(amount: int, currency: str) -> Decimal:
    """Minor units as people write them: 12345 fen are 123.45."""
    return Decimal(amount).scaleb(-int(DIGITS[currency]))


class Statement(Tagged):
    """What all statements say; all amounts are in minor units of the currency."""

    book_id: BookId
    """The book that it is drawn up of."""
    owner: str
    """Whose book it is."""
    currency: CurrencyCode
    """In which it is kept (ISO 4217)."""
    basis: Basis
    """By which day entries count."""

    @abstractmethod
    def table(self) -> Table:
        """The same for people, in major units."""

    def _facts(self, **more: object) -> list[tuple[str, str]]:
        said = {"Book": self.book_id, "Owner": self.owner, "Currency": self.currency, **more, "Basis": self.basis.value}
        return [(label.replace("_", " "), str(value)) for label, value in said.items()]

    def _major(self, amount: int) -> Decimal:
        return major(amount, self.currency)


def _of(book: Book, basis: Basis) -> dict[str, object]:
    return {"book_id": book.id, "owner": book.owner, "currency": book.currency, "basis": basis}


class AccountLine(Shown):
    """What one account has."""

    account_id: AccountId
    """The account that is moved."""
    code: str
    """The code of the account, by the chart of accounts of its book: `1002` is the bank."""
    name: str
    """The name of the account, as people read it."""
    type: AccountType
    """On which side it grows."""
    amount: int
    """What it has, positive on that side."""


def _lines(held: Sequence[Held], *types: AccountType) -> list[AccountLine]:
    return [
        AccountLine(
            account_id=each.account.id,
            code=each.account.code,
            name=each.account.name,
            type=each.account.type,
            amount=each.balance,
        )
        for each in held
        if each.account.type in types
    ]


class TrialBalanceLine(Shown):
    """The balance of one account, on the side on which it stands."""

    account_id: AccountId
    """The account whose turnover and balance these are."""
    code: str
    """The code of the account, by the chart of accounts of its book: `1002` is the bank."""
    name: str
    """The name of the account, as people read it."""
    type: AccountType
    """On which side it grows."""
    debit: int
    """Its balance where that is a debit; else 0."""
    credit: int
    """Its balance where that is a credit; else 0."""


class TrialBalanceView(Statement):
    """The balances of all accounts of a book: the debits are as much as the credits."""

    as_of: Day
    """At the end of this day."""
    lines: list[TrialBalanceLine]
    """By code; accounts without an entry are left out."""
    debit: int
    """The sum of the debits."""
    credit: int
    """The sum of the credits."""

    @classmethod
    def of(cls, book: Book, held: Sequence[Held], as_of: date, basis: Basis) -> Self:
        lines = []
        for each in held:
            net = each.debit - each.credit
            lines.append(
                TrialBalanceLine.showing(
                    each.account, account_id=each.account.id, debit=max(net, 0), credit=max(-net, 0)
                )
            )
        debit, credit = sum(line.debit for line in lines), sum(line.credit for line in lines)
        return cls.model_validate(_of(book, basis) | {"as_of": as_of, "lines": lines, "debit": debit, "credit": credit})

    def table(self) -> Table:
        rows = [(each.code, each.name, self._major(each.debit), self._major(each.credit)) for each in self.lines]
        totals = ("", "Total", self._major(self.debit), self._major(self.credit))
        return Table(
            "Trial balance", self._facts(As_of=self.as_of), ("Code", "Account", "Debit", "Credit"), rows, totals
        )


class IncomeStatementView(Statement):
    """What a book earned and spent within some days."""

    first_day: Day
    """The first day that it covers, included; a day of the zone."""
    last_day: Day
    """The last day, included."""
    income: list[AccountLine]
    """What was earned, by account."""
    expenses: list[AccountLine]
    """What was spent, by account."""
    total_income: int
    """All that was earned."""
    total_expenses: int
    """All that was spent."""
    result: int
    """Income less expenses."""

    @classmethod
    def of(cls, book: Book, held: Sequence[Held], first: date, last: date, basis: Basis) -> Self:
        said = _of(book, basis) | {"first_day": first, "last_day": last, "result": result_of(held)}
        said |= {"income": _lines(held, AccountType.INCOME), "total_income": sum_of(held, AccountType.INCOME)}
        said |= {"expenses": _lines(held, AccountType.EXPENSE), "total_expenses": sum_of(held, AccountType.EXPENSE)}
        return cls.model_validate(said)

    def table(self) -> Table:
        facts = self._facts(From=self.first_day, To=self.last_day)
        rows = [*self._part("Income", self.income), ("", "", "Total income", self._major(self.total_income))]
        rows += [*self._part("Expense", self.expenses), ("", "", "Total expenses", self._major(self.total_expenses))]
        return Table("Income statement", facts, PARTS, rows, ("", "", "Result", self._major(self.result)))

    def _part(self, part: str, lines: Sequence[AccountLine]) -> Iterator[tuple[str, str, str, Decimal]]:
        return ((part, each.code, each.name, self._major(each.amount)) for each in lines)


class BalanceSheetView(Statement):
    """What a book owns and owes at the end of a day: assets are liabilities and equity."""

    as_of: Day
    """At the end of this day."""
    assets: list[AccountLine]
    """What it owns, by account."""
    liabilities: list[AccountLine]
    """What it owes, by account."""
    equity: list[AccountLine]
    """What was paid in, by account."""
    retained_earnings: int
    """What all former calendar years earned."""
    result_of_year: int
    """What the calendar year of that day has earned so far."""
    total_assets: int
    """All that it owns."""
    total_liabilities: int
    """All that it owes."""
    total_equity: int
    """What was paid in and what was earned."""

    @classmethod
    def of(cls, book: Book, position: Position, as_of: date, basis: Basis) -> Self:
        said = _of(book, basis) | {"as_of": as_of}
        for name, type in (("assets", AccountType.ASSET), ("liabilities", AccountType.LIABILITY)):
            said |= {name: _lines(position.held, type), f"total_{name}": getattr(position, name)}
        said |= {"equity": _lines(position.held, AccountType.EQUITY), "total_equity": position.equity}
        for name in ("retained_earnings", "result_of_year"):
            said[name] = getattr(position, name)
        return cls.model_validate(said)

    def table(self) -> Table:
        rows: list[tuple[str, str, str, Decimal]] = []
        for part, lines, total in (
            ("Assets", self.assets, self.total_assets),
            ("Liabilities", self.liabilities, self.total_liabilities),
        ):
            rows += [(part, each.code, each.name, self._major(each.amount)) for each in lines]
            rows.append(("", "", f"Total {part.lower()}", self._major(total)))
        rows += [("Equity", each.code, each.name, self._major(each.amount)) for each in self.equity]
        rows.append(("Equity", "", "Retained earnings", self._major(self.retained_earnings)))
        rows.append(("Equity", "", "Result of the year", self._major(self.result_of_year)))
        rows.append(("", "", "Total equity", self._major(self.total_equity)))
        both = self._major(self.total_liabilities + self.total_equity)
        totals = ("", "", "Total liabilities and equity", both)
        return Table("Balance sheet", self._facts(As_of=self.as_of), PARTS, rows, totals)


PARTS = ("Part", "Code", "Account", "Amount")
