"""What callers see of books and accounts."""

from typing import ClassVar, Self

from services.chassis.route import View
from services.chassis.times import Day
from services.contracts.incubator import BookId
from services.contracts.registry import BusinessId
from services.incubator.finance.book import Account, AccountState, AccountType, Book


class BookView(View):
    """A double-entry book."""

    at: ClassVar[str] = "/v1/incubator/books"

    owner: BusinessId
    currency: str
    closed_through: Day | None

    @classmethod
    def of(cls, book: Book) -> Self:
        return cls(
            id=book.id,
            version=book.version,
            last_event_id=book.last_event_id,
            owner=book.owner,
            currency=book.currency,
            closed_through=book.closed_through,
        )


class AccountView(View):
    """One account of a book."""

    book_id: BookId
    code: str
    name: str
    type: AccountType
    currency: str
    state: AccountState

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(
            id=account.id,
            version=account.version,
            last_event_id=account.last_event_id,
            book_id=account.book_id,
            code=account.code,
            name=account.name,
            type=account.type,
            currency=account.currency,
            state=account.state,
        )
