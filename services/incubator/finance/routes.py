"""The ledger over HTTP: books, accounts, entries and periods."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.paging import InPage, InSortedPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.finance.bodies import ClosePeriod, OpenAccount, PostEntry, ReverseEntry
from services.incubator.finance.book import Account, Book
from services.incubator.finance.entry import Entry, Posting, line
from services.incubator.finance.period import check_entered
from services.incubator.finance.posting import POSTING, post, reverse
from services.incubator.finance.queries import (
    AccountRef,
    BookFilter,
    BookRef,
    EntryFilter,
    EntryRef,
    account_in,
    check_room_for_account,
    entry_in,
)
from services.incubator.finance.views import AccountView, BookView, EntryView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

BY_CODE = {"code": "code"}
"""The order of the chart."""
BY_TIME = {"recorded_at": "recorded_at"}


@router.get("/books")
async def list_books(asked: Annotated[BookFilter, Query()], reader: Reader, tx: InTx, page: InPage) -> Page[BookView]:
    """The books, oldest first; those of one business with `owner`."""
    return await page.of(tx, Book, asked.where(), BookView.of)


@router.get("/books/{book_id}")
async def see_book(book_id: BookRef, reader: Reader, tx: InTx) -> BookView:
    """One book."""
    return BookView.of(await tx.visible(Book, book_id))


@router.post("/books/{book_id}/close-period")
@refuses("period_closed", "period_not_over")
async def close_period(book_id: BookRef, body: ClosePeriod, member: Member, tx: InTx) -> BookView:
    """Close a month of a book and all before it, for good; with `If-Match`, as the book was seen."""
    book = await tx.visible(Book, book_id)
    book.close_period(body.period, today=zone_date(tx.now))
    return BookView.of(tx.save(book))


# accounts


@router.get("/books/{book_id}/accounts")
async def list_accounts(book_id: BookRef, reader: Reader, tx: InTx, page: InPage) -> Page[AccountView]:
    """The accounts of a book, by code."""
    book = await tx.visible(Book, book_id)
    return await page.of(
        tx, Account, {"book_id": book.id}, AccountView.of, sorts=BY_CODE, besides=book.first_accounts()
    )


@router.post("/books/{book_id}/accounts", status_code=201)
@refuses("account_exists", "too_many_accounts")
async def open_account(book_id: BookRef, body: OpenAccount, member: Member, tx: InTx) -> AccountView:
    """Open another account of a book."""
    book = await tx.visible(Book, book_id)
    await check_room_for_account(book, body.code, tx)
    account = book.open_account(body.code, body.name, body.type, body.constraint)
    tx.save(book)
    return AccountView.of(tx.save(account))


@router.get("/books/{book_id}/accounts/{account_id}")
async def see_account(book_id: BookRef, account_id: AccountRef, reader: Reader, tx: InTx) -> AccountView:
    """One account, with what it holds."""
    _, account = await account_in(book_id, account_id, tx)
    return AccountView.of(account)


@router.post("/books/{book_id}/accounts/{account_id}/close")
@refuses("invalid_transition", "account_needed", "account_not_empty")
async def close_account(book_id: BookRef, account_id: AccountRef, member: Member, tx: InTx) -> AccountView:
    """Close an account that holds nothing, for good."""
    book, account = await account_in(book_id, account_id, tx)
    book.close_account(account)
    tx.save(book)
    return AccountView.of(tx.save(account))


# entries


@router.get("/books/{book_id}/entries")
async def list_entries(
    book_id: BookRef, asked: Annotated[EntryFilter, Query()], reader: Reader, tx: InTx, page: InSortedPage
) -> Page[EntryView]:
    """The journal of a book: its entries as they were posted; the newest first with `-recorded_at`."""
    book = await tx.visible(Book, book_id)
    return await page.of(tx, Entry, {"book_id": book.id, **asked.where()}, EntryView.of, sorts=BY_TIME)


@router.post("/books/{book_id}/entries", status_code=201)
@refuses("unbalanced", "account_unknown", "currency_mismatch", "reference_conflict", *POSTING)
async def post_entry(book_id: BookRef, body: PostEntry, member: Member, tx: InTx) -> EntryView:
    """Post an entry; the same one again under its reference is the one that is there."""
    book = await tx.visible(Book, book_id)
    if body.currency != book.currency:
        refuse(Violation("currency_mismatch", "An entry is in the currency of its book.", ("currency",)))
    check_entered(body.effective_on, zone_date(tx.now), "effective_on")
    lines = [line(book.id, each.code, each.debit, each.credit) for each in body.lines]
    posting = Posting(body.effective_on, body.reference, body.description, lines)
    return EntryView.of(await post(posting, book, tx))


@router.get("/books/{book_id}/entries/{entry_id}")
async def see_entry(book_id: BookRef, entry_id: EntryRef, reader: Reader, tx: InTx) -> EntryView:
    """One entry."""
    _, entry = await entry_in(book_id, entry_id, tx)
    return EntryView.of(entry)


@router.post("/books/{book_id}/entries/{entry_id}/reverse", status_code=201)
@refuses("already_reversed", "not_reversible", "date_range", "reference_conflict", *POSTING)
async def reverse_entry(
    book_id: BookRef, entry_id: EntryRef, body: ReverseEntry, member: Member, tx: InTx
) -> EntryView:
    """Take an entry back by one that mirrors it, once; what follows from an invoice is taken back there."""
    book, entry = await entry_in(book_id, entry_id, tx)
    entry.check_by_hand()
    check_entered(body.effective_on, zone_date(tx.now), "effective_on")
    mirror = await reverse(entry, book, tx, effective_on=body.effective_on, description=body.description)
    return EntryView.of(mirror)
