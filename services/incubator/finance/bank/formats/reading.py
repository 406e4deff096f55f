"""The formats of bank statements, and how a file in one of them is read and judged."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NoReturn

from services.chassis.domain.errors import Unprocessable
from services.incubator.finance.bank.formats.camt import read_camt
from services.incubator.finance.bank.formats.mt940 import read_mt940
from services.incubator.finance.bank.formats.ofx import read_ofx
from services.incubator.finance.bank.formats.said import SaidBalance, SaidStatement, judge, unreadable
from services.incubator.finance.bank.formats.table import read_table
from services.incubator.finance.bank.profile import CsvProfile, Encoding

MOST_LINES: Final = 2_000
"""Of a file: what one transaction takes in."""
READING: Final = (
    "statement_unreadable", "statement_empty", "statement_too_long", "currency_mismatch", "bank_account_differs",
    "balance_missing", "statement_does_not_balance", "statements_not_continuous", "profile_missing",
)  # fmt: skip
"""With what a file is refused."""


class StatementFormat(StrEnum):
    """What a file of a bank is."""

    CAMT = "camt"
    """camt.052 or camt.053 of ISO 20022, versions 2 to 8."""
    MT940 = "mt940"
    """The customer statement message of SWIFT."""
    OFX = "ofx"
    """Open Financial Exchange 1 or 2."""
    CSV = "csv"
    """A table, by the profile of the bank account."""


@dataclass(frozen=True)
class HowToRead:
    """What is known of a file before it is opened.

    Attributes:
        currency: of the bank account.
        encoding: of an MT940, which does not say its own.
        inverted_reversals: see `read_camt`.
        opening, closing: balances that somebody gave, for formats that have none.
    """

    format: StatementFormat
    currency: str
    profile: CsvProfile | None = None
    encoding: Encoding = Encoding.UTF_8
    inverted_reversals: bool = False
    opening: int | None = None
    closing: int | None = None


def read(content: bytes, how: HowToRead) -> list[SaidStatement]:
    """The statements of a file, each of which adds up, in the currency of the account.

    Raises:
        Unprocessable: `statement_unreadable`, at its place; `statement_empty`, it has no statement;
            `statement_too_long`; `currency_mismatch`; `profile_missing`; see `judge`.
    """
    found = _read(content, how)
    if not found:
        _refuse("statement_empty", "The file is well formed, but there is no statement in it.")
    if sum(len(each.lines) for each in found) > MOST_LINES:
        _refuse("statement_too_long", f"A file has at most {MOST_LINES} lines.")
    if how.format is not StatementFormat.CSV and any(each.account is None for each in found):
        unreadable("A statement of the file does not say of which account it is.")
    if any(each.currency not in (None, how.currency) for each in found):
        _refuse("currency_mismatch", f"The bank account is kept in {how.currency}, and the file is not.")
    found[0] = replace(found[0], opening=_balance(found[0].opening, how.opening, "opening"))
    found[-1] = replace(found[-1], closing=_balance(found[-1].closing, how.closing, "closing"))
    judge(found)
    return found


def _read(content: bytes, how: HowToRead) -> list[SaidStatement]:
    if how.format is StatementFormat.CAMT:
        return read_camt(content, inverted_reversals=how.inverted_reversals)
    if how.format is StatementFormat.OFX:
        return read_ofx(content)
    if how.format is StatementFormat.MT940:
        try:
            return read_mt940(content.decode(how.encoding).removeprefix("\ufeff"))
        except UnicodeDecodeError:
            unreadable(f"The file is not {how.encoding}.")
    if how.profile is None:
        _refuse("profile_missing", "The bank account has no profile by which a table could be read.")
    return read_table(content, how.profile, how.currency)


def _balance(said: SaidBalance | None, given: int | None, side: str) -> SaidBalance | None:
    """The balance that a file has, or else the one that was given; both are the same where there are both."""
    if said is None:
        return None if given is None else SaidBalance(given, None)
    if given is not None and (difference := said.amount - given):
        detail = f"The file has another {side} balance than was given."
        raise Unprocessable(detail, code="statement_does_not_balance", difference=difference)
    return said


def _refuse(code: str, detail: str) -> NoReturn:
    raise Unprocessable(detail, errors=[{"pointer": "", "code": code, "detail": detail}])
