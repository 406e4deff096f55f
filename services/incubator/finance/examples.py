"""What the document of the API shows of books: the one of a synthetic business, and its first account."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.finance.book import Book
from services.incubator.finance.views import AccountView, BookView
from services.incubator.tenants.examples import BUSINESS, OWNER
from services.incubator.tenants.tenant import book_id

BOOK: Final = Book(id=book_id(BUSINESS), version=1, sequence=1, owner=BUSINESS, partner_id=OWNER, currency="CNY")

KEPT: Final[Sequence[Row]] = (BOOK, *BOOK.first_accounts())
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (
    BookView.of(BOOK),
    AccountView.of(BOOK.first_accounts()[0].model_copy(update={"version": 1})),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
