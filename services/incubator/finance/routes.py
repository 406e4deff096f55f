"""Financial management: the books of businesses and their accounts."""

from typing import Any

from fastapi import APIRouter

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId
from services.incubator.callers import Reader, must_see, seen_by
from services.incubator.finance.book import Account, Book
from services.incubator.finance.views import AccountView, BookView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute, tags=["finance"])

BY_CODE = {"code": "code"}
"""The order of the chart."""


@router.get("/books")
async def list_books(reader: Reader, tx: InTx, page: InPage, owner: BusinessId | None = None) -> Page[BookView]:
    """The books, oldest first; those of one business with `owner`."""
    where: dict[str, Any] = seen_by(reader)
    if owner is not None:
        where["owner"] = owner
    return await page.of(tx, Book, where, BookView.of)


@router.get("/books/{book_id}")
async def see_book(book_id: BookId, reader: Reader, tx: InTx) -> BookView:
    """One book."""
    return BookView.of(await readable_book(book_id, reader, tx))


@router.get("/books/{book_id}/accounts")
async def list_accounts(book_id: BookId, reader: Reader, tx: InTx, page: InPage) -> Page[AccountView]:
    """The accounts of a book, by code."""
    book = await readable_book(book_id, reader, tx)
    return await page.of(tx, Account, {"book_id": book.id}, AccountView.of, sorts=BY_CODE)


async def readable_book(book_id: str, reader: Reader, tx: InTx) -> Book:
    """A book that the caller may look into.

    Raises:
        NotFound: there is none, or it is another partner's business's.
    """
    book = await tx.get(Book, book_id)
    must_see(reader, book.partner_id)
    return book
