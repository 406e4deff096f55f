"""The chart of accounts: types of accounts, and with which ones a book begins (会计科目)."""

import uuid
from enum import StrEnum
from typing import Final


class AccountType(StrEnum):
    """The five elements of accounts; assets and expenses grow by debit, the others by credit."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def grows_by_debit(self) -> bool:
        return self in (AccountType.ASSET, AccountType.EXPENSE)

    def balance(self, debit: int, credit: int) -> int:
        """What an account of this type holds, positive on the side on which it grows."""
        return debit - credit if self.grows_by_debit else credit - debit


class AccountStatus(StrEnum):
    """Whether entries may still be posted to an account."""

    OPEN = "open"
    CLOSED = "closed"


MOVES = {AccountStatus.OPEN: {AccountStatus.CLOSED}, AccountStatus.CLOSED: set[AccountStatus]()}


class Constraint(StrEnum):
    """What an account never does."""

    NO_OVERDRAFT = "no_overdraft"
    """It never holds less than nothing."""


BANK, RECEIVABLE, PREPAID = "1002", "1122", "1123"
PAYABLE, PREPAYMENT, TAX = "2202", "2203", "2221"
EQUITY, REVENUE, EXPENSE = "4001", "6001", "6602"

FIRST_ACCOUNTS: Final = (
    (BANK, "bank", AccountType.ASSET),
    (RECEIVABLE, "receivable", AccountType.ASSET),
    (PREPAID, "prepaid", AccountType.ASSET),
    (PAYABLE, "payable", AccountType.LIABILITY),
    (PREPAYMENT, "customer prepayment", AccountType.LIABILITY),
    (TAX, "tax payable", AccountType.LIABILITY),
    (EQUITY, "paid-in capital", AccountType.EQUITY),
    (REVENUE, "revenue", AccountType.INCOME),
    (EXPENSE, "administrative expense", AccountType.EXPENSE),
)
"""With what a book begins: code of the chart (Accounting Standards for Business Enterprises, appendix), name, type."""
FIRST_CODES: Final = frozenset(code for code, _, _ in FIRST_ACCOUNTS)


def account_id(book: str, code: str) -> str:
    """The account with a code in a book: a name-based id (RFC 9562 §5.5), so a code stands in a book only once."""
    return f"acc_{uuid.uuid5(uuid.UUID(book.removeprefix('bok_')), code).hex}"
