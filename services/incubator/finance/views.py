"""What callers see of books and accounts."""

from typing import ClassVar, Self

from services.chassis.domain.times import Day
from services.chassis.http.view import View
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.book import Account, AccountStatus, AccountType, Book


class BookView(View):
    """A double-entry book."""

    at: ClassVar[str] = "/v1/incubator/books"

    owner: BusinessId
    currency: str
    closed_through: Day | None

    @classmethod
    def of(cls, book: Book) -> Self:
        return cls.showing(book)


class AccountView(View):
    """One account of a book."""

    book_id: BookId
    code: str
    name: str
    type: AccountType
    currency: str
    status: AccountStatus

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls.showing(account)
