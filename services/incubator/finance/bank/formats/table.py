"""A statement as a table of CSV (RFC 4180), read by a profile; every cell that does not fit is told at once."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from services.chassis.domain.errors import Unprocessable, escaped
from services.incubator.finance.bank.formats.said import (
    UNREADABLE,
    SaidBalance,
    SaidLine,
    SaidStatement,
    calendar_day,
    minor_units,
    unreadable,
)
from services.incubator.finance.bank.profile import CsvProfile, DateOrder, RowOrder

_DATE: Final = re.compile(r"([0-9]{1,4})([-/. ]?)([0-9]{1,2})\2([0-9]{1,4})(?:[ T].*)?")
_ORDERS: Final = {
    DateOrder.YEAR_MONTH_DAY: (0, 1, 2),
    DateOrder.DAY_MONTH_YEAR: (2, 1, 0),
    DateOrder.MONTH_DAY_YEAR: (2, 0, 1),
}
_COMPACT: Final = {
    DateOrder.YEAR_MONTH_DAY: re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    DateOrder.DAY_MONTH_YEAR: re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})"),
    DateOrder.MONTH_DAY_YEAR: re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})"),
}


def read_table(content: bytes, profile: CsvProfile, currency: str) -> list[SaidStatement]:
    """The one statement of a table. Where it has a column of balances, those say how it begins and ends.

    Args:
        currency: in which amounts are where no column says it.

    Raises:
        Unprocessable: `statement_unreadable` with every row and column that does not fit, `/12/Amount`;
            `statement_does_not_balance`, with the row after which the balance is another.
    """
    rows = _rows(content, profile)
    reader = _Reader(profile, currency)
    found = [(place, each) for place, cells in rows for each in reader.row(place, cells)]
    if reader.faults:
        detail = "Not every row of the table fits the profile."
        raise Unprocessable(detail, errors=reader.faults)
    if profile.rows is RowOrder.NEWEST_FIRST:
        found.reverse()
    lines = [line for _, (line, _) in found]
    if profile.columns.balance is None or not found:
        return [SaidStatement(None, reader.said_currency, None, None, lines)] if found else []
    balances = [balance for _, (_, balance) in found]
    for at in range(1, len(found)):
        if difference := balances[at] - balances[at - 1] - lines[at].amount:
            row = found[at][0]
            detail = f"In row {row} the balance before and the amount do not make the balance."
            raise Unprocessable(detail, code="statement_does_not_balance", row=row, difference=difference)
    opening = SaidBalance(balances[0] - lines[0].amount, lines[0].booked_on)
    closing = SaidBalance(balances[-1], lines[-1].booked_on)
    return [SaidStatement(None, reader.said_currency, opening, closing, lines)]


def _rows(content: bytes, profile: CsvProfile) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The number of each row, that of the names being 1, and its cells by column; rows that are blank are none."""
    try:
        text = content.decode(profile.encoding).removeprefix("\ufeff")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=profile.delimiter, strict=True))
    except UnicodeDecodeError:
        unreadable(f"The file is not {profile.encoding}.")
    except csv.Error:
        unreadable("The file is not CSV.")
    names = [name.strip() for name in lines[0]] if lines else []
    wanted = [name for name in dict(profile.columns).values() if name is not None]
    if len(set(names)) < len(names) or not set(wanted) <= set(names):
        unreadable("The first row names each column of the profile once.", "/1")
    numbered = [(number, row) for number, row in enumerate(lines[1:], start=2) if any(cell.strip() for cell in row)]
    for number, row in numbered:
        if len(row) != len(names):
            unreadable("A row has as many cells as there are columns.", f"/{number}")
    return ((number, dict(zip(names, (cell.strip() for cell in row), strict=True))) for number, row in numbered)


class _Reader:
    """Reads row after row, and keeps what does not fit."""

    def __init__(self, profile: CsvProfile, currency: str) -> None:
        self._profile, self._columns, self._currency = profile, profile.columns, currency
        group, decimal = re.escape(profile.group or ""), re.escape(profile.decimal)
        grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+" if group else "[0-9]+"
        self._amount = re.compile(rf"[+-]?(?:{grouped}|[0-9]+)(?:{decimal}[0-9]+)?")
        self.faults: list[dict[str, str]] = []
        self.said_currency: str | None = None

    def row(self, number: int, cells: Mapping[str, str]) -> Iterator[tuple[SaidLine, int]]:
        """The line of a row, and the balance after it, 0 where there is none; nothing where the row does not fit."""
        columns, before = self._columns, len(self.faults)
        booked_on = self._day(number, columns.booked_on, cells)
        value_on = self._day(number, columns.value_on, cells, optional=True)
        amount = self._signed(number, cells)
        balance = self._money(number, columns.balance, cells)
        currency = cells[columns.currency] if columns.currency else ""
        if currency and currency != (self.said_currency or currency):
            self._fault(number, columns.currency, "A statement is in one currency.")
        self.said_currency = currency or self.said_currency
        if len(self.faults) == before and booked_on is not None:
            yield (
                SaidLine(
                    booked_on,
                    amount,
                    value_on,
                    reference=self._text(columns.reference, cells),
                    text=self._text(columns.text, cells),
                    name=self._text(columns.name, cells),
                    account=self._text(columns.account, cells),
                ),
                balance,
            )

    @staticmethod
    def _text(column: str | None, cells: Mapping[str, str]) -> str:
        return cells[column] if column else ""

    def _signed(self, number: int, cells: Mapping[str, str]) -> int:
        columns = self._columns
        if columns.amount is not None:
            return self._money(number, columns.amount, cells)
        sides = [self._money(number, each, cells, optional=True) for each in (columns.credit, columns.debit)]
        if min(sides) < 0 or 0 not in sides or sides == [0, 0]:
            self._fault(number, columns.credit, "A row has what came in or what went out, more than 0.")
        return sides[0] - sides[1]

    def _money(self, number: int, column: str | None, cells: Mapping[str, str], *, optional: bool = False) -> int:
        text = cells[column].replace("\u2212", "-") if column else ""
        if column is None or (optional and not text):
            return 0
        if self._amount.fullmatch(text) is None:
            self._fault(number, column, "This is no amount as the profile has them.")
            return 0
        plain = text.replace(self._profile.group or "", "") if self._profile.group else text
        try:
            return minor_units(plain.replace(self._profile.decimal, "."), self._currency)
        except Unprocessable as refusal:
            self._fault(number, column, refusal.detail)
            return 0

    def _day(self, number: int, column: str | None, cells: Mapping[str, str], *, optional: bool = False) -> date | None:
        text = cells[column] if column else ""
        if column is None or (optional and not text):
            return None
        order = self._profile.dates
        found = _COMPACT[order].fullmatch(text)
        parts = found.groups() if found else ()
        if not found and (spaced := _DATE.fullmatch(text)) and spaced[2]:
            parts = (spaced[1], spaced[3], spaced[4])
        year, month, day = (parts[at] for at in _ORDERS[order]) if parts else ("", "", "")
        try:
            if len(year) != 4 or max(len(month), len(day)) > 2:
                unreadable("This is no date as the profile has them.")
            return calendar_day(year, month, day)
        except Unprocessable as refusal:
            self._fault(number, column, refusal.detail)
            return None

    def _fault(self, number: int, column: str | None, detail: str) -> None:
        self.faults.append({"pointer": f"/{number}/{escaped(column or '')}", "code": UNREADABLE, "detail": detail})
