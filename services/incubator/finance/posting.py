"""What other rooms call to post an entry inside their own transaction."""

from datetime import date, timedelta

from services.chassis.domain.errors import Conflict, Unavailable
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import ZONE_BOOK, Account, Book
from services.incubator.finance.chart import AccountStatus, Constraint
from services.incubator.finance.entry import Entry, Posting, entry_id
from services.incubator.finance.turnover import Turnover, moves_of
from services.incubator.tenants.tenant import book_id

POSTING = ("period_closed", "account_closed", "overdraft", "book_full")
"""With what `post` refuses what is well formed."""


async def zone_book(tx: Tx) -> Book:
    """The zone's own book.

    Raises:
        Unavailable: the clock that opens it at the first start has not run yet.
    """
    book = await tx.find(Book, ZONE_BOOK)
    if book is None:
        raise Unavailable("The zone's own book is not open yet.")
    return book


async def book_of(business_id: str, tx: Tx) -> Book:
    """The book of a tenant's business; it has one from the moment at which it is a tenant."""
    return await tx.get(Book, book_id(business_id))


async def account_of(book: Book, id: str, tx: Tx) -> Account | None:
    """An account of a book, by its id; None where the book has no such account."""
    account = await tx.find(Account, id)
    if account is None and (first := book.first_account(id)) is not None:
        account = tx.imply(first)
    return account if account is not None and account.book_id == book.id else None


def open_day(book: Book, wanted: date) -> date:
    """The first day from this one on for which something can still be entered in a book."""
    return wanted if book.closed_through is None else max(wanted, book.closed_through + timedelta(days=1))


async def post(posting: Posting, book: Book, tx: Tx) -> Entry:
    """Post an entry to a book; under a reference that stands there already, the entry that does.

    Raises:
        Unprocessable: `unbalanced` with the `difference`; `account_unknown`.
        Conflict: `reference_conflict` with the `entry_id` of another entry under the same reference; see `POSTING`.
    """
    known = await tx.find(Entry, entry_id(book.id, posting.reference))
    if known is not None:
        if known.says(posting):
            return known
        raise Conflict("Another entry of this book has this reference.", code="reference_conflict", entry_id=known.id)
    accounts = await _accounts_of(posting, book, tx)
    entry = tx.save(Entry.post(posting, book, at=tx.now))
    tx.save(book)
    for line in entry.lines:
        account = accounts[line.account_id]
        account.move(line.debit, line.credit)
        _move(account, {"debit": line.debit, "credit": line.credit}, tx)
    for move in moves_of(entry):
        tx.adjust(Turnover, move.id, move.by, create=move.create)
    return entry


async def reverse(
    entry: Entry, book: Book, tx: Tx, *, effective_on: date | None = None, description: str | None = None
) -> Entry:
    """Take an entry back by another that mirrors it.

    Raises:
        Conflict, Unprocessable: see `Entry.reversal`, `post`.
    """
    mirror = await post(entry.reversal(effective_on, description), book, tx)
    entry.is_reversed(mirror)
    tx.save(entry)
    return mirror


async def _accounts_of(posting: Posting, book: Book, tx: Tx) -> dict[str, Account]:
    await tx.load(Account, [line.account_id for line in posting.lines])
    found, unknown = {}, []
    for place, line in enumerate(posting.lines):
        account = await account_of(book, line.account_id, tx)
        if account is None:
            unknown.append(Violation("account_unknown", "The book has no such account.", ("lines", place, "code")))
        else:
            found[account.id] = account
    refuse(*unknown)
    return found


def _move(account: Account, by: dict[str, int], tx: Tx) -> None:
    """Move an account's totals, guarded in the store too: what was read may have changed since."""
    if not tx.is_stored(account):  # the first entry in it
        tx.save(account)
        return
    grows, shrinks = ("debit", "credit") if account.type.grows_by_debit else ("credit", "debit")
    bound = {grows: shrinks} if account.constraint is Constraint.NO_OVERDRAFT else None
    tx.adjust(Account, account.id, by, at_least=bound, where={"status": AccountStatus.OPEN.value})
