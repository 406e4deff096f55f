"""How paths name bank accounts and statements, and the filters of their lists."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.bank import BankAccountId, BankStatementId
from services.contracts.incubator.finance import BookId
from services.incubator.finance.book import Account, Book
from services.incubator.finance.chart import AccountStatus, AccountType, account_id
from services.incubator.finance.posting import account_of

BankAccountRef = Annotated[BankAccountId, Path(description="The bank account, by its id.")]
BankStatementRef = Annotated[BankStatementId, Path(description="The statement, by its id.")]


class BankAccountFilter(Filter):
    """By their book."""

    book_id: BookId | None = None
    """The book."""


class BankStatementFilter(Filter):
    """By their bank account."""

    bank_account_id: BankAccountId | None = None
    """The bank account."""


async def account_at_bank(book: Book, code: str, tx: Tx) -> Account:
    """The open asset or liability of a book with a code. Raises Unprocessable (`account_unknown`)."""
    account = await account_of(book, account_id(book.id, code), tx)
    held = (AccountType.ASSET, AccountType.LIABILITY)
    if account is None or account.type not in held or account.status is not AccountStatus.OPEN:
        refuse(Violation("account_unknown", "The book has no open asset or liability with this code.", ("code",)))
    assert account is not None
    return account
