"""Financial management: the books of businesses and their accounts."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader
from services.incubator.finance.book import Account, Book
from services.incubator.finance.queries import BookFilter, BookRef
from services.incubator.finance.views import AccountView, BookView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)

BY_CODE = {"code": "code"}
"""The order of the chart."""


@router.get("/books")
async def list_books(asked: Annotated[BookFilter, Query()], reader: Reader, tx: InTx, page: InPage) -> Page[BookView]:
    """The books, oldest first; those of one business with `owner`."""
    return await page.of(tx, Book, asked.where(), BookView.of)


@router.get("/books/{book_id}")
async def see_book(book_id: BookRef, reader: Reader, tx: InTx) -> BookView:
    """One book."""
    return BookView.of(await tx.visible(Book, book_id))


@router.get("/books/{book_id}/accounts")
async def list_accounts(book_id: BookRef, reader: Reader, tx: InTx, page: InPage) -> Page[AccountView]:
    """The accounts of a book, by code."""
    book = await tx.visible(Book, book_id)
    return await page.of(tx, Account, {"book_id": book.id}, AccountView.of, sorts=BY_CODE)
