"""A bank statement as its file says it, whatever its format: a balance, lines, and another balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NoReturn

from services.chassis.domain.errors import Unprocessable
from services.chassis.domain.money import DIGITS

UNREADABLE = "statement_unreadable"


def unreadable(detail: str, place: str = "") -> NoReturn:
    """Refuse a file that is not what it claims to be.

    Args:
        place: where in the file, as a pointer: `/12` is its twelfth line, `/12/Amount` a column there.

    Raises:
        Unprocessable: `statement_unreadable`.
    """
    place_of_it = {"pointer": place, "code": "statement_unreadable", "detail": detail}
    raise Unprocessable(detail, errors=[place_of_it])


@dataclass(frozen=True)
class SaidBalance:
    """What the account held at a moment, in minor units; less than 0 where it is overdrawn.

    Attributes:
        intermediate: whether the statement goes on from here, or went on to here, on another page.
    """

    amount: int
    on: date | None
    intermediate: bool = False


@dataclass(frozen=True)
class SaidLine:
    """A booked line: minor units that came in, or went out where they are less than 0.

    Attributes:
        value_on: from when it bears interest; None where the bank does not say.
        reference: the bank's own; empty where there is none.
        text: what it is for, as the payer or the bank says it.
        name, account: the other side's; empty where the bank does not say.
        reversal: whether the bank says that it takes another line back.
    """

    booked_on: date
    amount: int
    value_on: date | None = None
    reference: str = ""
    text: str = ""
    name: str = ""
    account: str = ""
    reversal: bool = False


@dataclass(frozen=True)
class SaidStatement:
    """A statement of one account, or one page of it.

    Attributes:
        account, currency: whose it is, and in what; None where the format does not say.
        opening, closing: None where the format, or this file, has none.
        not_booked: how many lines the bank says it has not booked; they are not among the lines.
    """

    account: str | None
    currency: str | None
    opening: SaidBalance | None
    closing: SaidBalance | None
    lines: Sequence[SaidLine]
    not_booked: int = 0

    @property
    def turnover(self) -> int:
        """What came in less what went out."""
        return sum(each.amount for each in self.lines)


def judge(statements: Sequence[SaidStatement]) -> None:
    """Hold every statement of a file against its own balances, and each against the one before it.

    Raises:
        Unprocessable: `balance_missing`; `statement_does_not_balance` with the `difference`, of the closing balance
            less what the opening one and the lines make; `statements_not_continuous` with the same between two.
    """
    for number, each in enumerate(statements, start=1):
        if each.opening is None or each.closing is None:
            side = "opening" if each.opening is None else "closing"
            detail = f"Statement {number} of the file has no {side} balance, and nobody gave one."
            place = {"pointer": f"/{side}_balance", "code": "balance_missing", "detail": detail}
            raise Unprocessable(detail, errors=[place])
        if difference := each.closing.amount - each.opening.amount - each.turnover:
            detail = f"In statement {number} of the file the opening balance and the lines do not make the closing one."
            raise Unprocessable(detail, code="statement_does_not_balance", statement=number, difference=difference)
    for number, (one, after) in enumerate(pairwise(statements), start=1):
        assert one.closing is not None
        assert after.opening is not None
        if difference := after.opening.amount - one.closing.amount:
            detail = f"Statement {number + 1} of the file does not begin with what statement {number} ends with."
            raise Unprocessable(detail, code="statements_not_continuous", statement=number + 1, difference=difference)


def minor_units(text: str, currency: str, place: str = "") -> int:
    """The minor units of a decimal number with a point, and perhaps a sign.

    Raises:
        Unprocessable: `statement_unreadable`, it is none, or has more decimals than the currency.
    """
    digits = DIGITS.get(currency)
    if digits is None:
        unreadable("There is no such currency.", place)
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    whole, _, decimals = unsigned.partition(".")
    decimals = decimals.rstrip("0").ljust(digits, "0")
    if not (whole + decimals).isascii() or not (whole or "0").isdigit() or not (decimals or "0").isdigit():
        unreadable("An amount is not a decimal number.", place)
    if not unsigned.strip(".") or len(decimals) > digits or len(whole) > 15:
        unreadable(f"An amount has at most 15 digits, and {digits} decimals.", place)
    amount = int((whole or "0") + decimals)
    return -amount if text.startswith("-") else amount


def calendar_day(year: str, month: str, day: str, place: str = "") -> date:
    """A day of the calendar. Raises Unprocessable (`statement_unreadable`) where there is no such."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        unreadable("There is no such day in the calendar.", place)
