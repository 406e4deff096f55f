"""What callers see of books and accounts."""

from typing import ClassVar, Self

from services.chassis.domain.times import Day
from services.chassis.http.view import View
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.book import Account, AccountStatus, AccountType, Book


class BookView(View):
    """A double-entry book of a business."""

    at: ClassVar[str] = "/v1/incubator/books"

    owner: BusinessId
    """The business whose book it is."""
    currency: str
    """In which it is kept (ISO 4217)."""
    closed_through: Day | None
    """The last day that is closed, included: nothing is entered for it any more; null while none is."""

    @classmethod
    def of(cls, book: Book) -> Self:
        return cls.showing(book)


class AccountView(View):
    """One account of a book."""

    book_id: BookId
    """The book that it is in."""
    code: str
    """Its number in the national chart of accounts (会计科目)."""
    name: str
    """Its name in that chart."""
    type: AccountType
    """On which side it grows."""
    currency: str
    """In which it is kept (ISO 4217)."""
    status: AccountStatus
    """Whether something can be entered in it."""

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls.showing(account)
