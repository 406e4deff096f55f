"""How paths name books, accounts and entries, and the filters of their lists."""

from typing import Annotated, ClassVar

from fastapi import Path

from services.chassis.domain.errors import Conflict, NotFound
from services.chassis.domain.texts.text import Text
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.finance import AccountId, BookId, EntryId
from services.incubator.finance.book import Account, Book, Owner
from services.incubator.finance.chart import FIRST_CODES, account_id
from services.incubator.finance.entry import Entry
from services.incubator.finance.period import AccountingPeriod
from services.incubator.finance.posting import account_of

BookRef = Annotated[BookId, Path(description="The book, by its id.")]
AccountRef = Annotated[AccountId, Path(description="The account, by its id.")]
EntryRef = Annotated[EntryId, Path(description="The entry, by its id.")]

MOST_ACCOUNTS = 500
"""Of one book; two that are opened at once may make it one more."""


class BookFilter(Filter):
    """By whose it is."""

    owner: Owner | None = None
    """The business that owns it; `zone` for the zone's own."""


class EntryFilter(Filter):
    """By month, account, and what they follow from."""

    stored_as: ClassVar = {"account_id": "lines.account_id"}

    period: AccountingPeriod | None = None
    """The month for which they count, `2026-03`."""
    account_id: AccountId | None = None
    """An account that they debit or credit."""
    source: Annotated[str, Text(at_most=100)] | None = None
    """The invoice, payment or other thing that they follow from."""


async def check_room_for_account(book: Book, code: str, tx: Tx) -> None:
    """Raises Conflict: `account_exists`, `too_many_accounts`."""
    if await account_of(book, account_id(book.id, code), tx):
        raise Conflict("The book has an account with this code.", code="account_exists")
    others = {"book_id": book.id, "code": {"$nin": sorted(FIRST_CODES)}}
    room = MOST_ACCOUNTS - len(FIRST_CODES)
    if await tx.count(Account, others, at_most=room) >= room:
        raise Conflict(f"A book has at most {MOST_ACCOUNTS} accounts.", code="too_many_accounts")


async def account_in(book_id: str, id: str, tx: Tx) -> tuple[Book, Account]:
    """A book that the caller sees, and an account of it. Raises NotFound."""
    book = await tx.visible(Book, book_id)
    account = await account_of(book, id, tx)
    if account is None:
        raise NotFound
    return book, account


async def entry_in(book_id: str, entry_id: str, tx: Tx) -> tuple[Book, Entry]:
    """A book that the caller sees, and an entry of it. Raises NotFound."""
    book = await tx.visible(Book, book_id)
    entry = await tx.visible(Entry, entry_id)
    if entry.book_id != book.id:
        raise NotFound
    return book, entry
