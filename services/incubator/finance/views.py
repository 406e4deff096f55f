"""What callers see of books, accounts and entries."""

from typing import ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, View
from services.contracts.incubator.finance import AccountId, BookId, EntryId
from services.incubator.finance.book import Account, Book, Owner
from services.incubator.finance.chart import AccountStatus, AccountType, Constraint
from services.incubator.finance.entry import Entry


class BookView(View):
    """A double-entry book of a business, or of the zone."""

    at: ClassVar[str] = "/v1/incubator/books"

    owner: Owner
    """The business whose book it is; `zone` for the zone's own."""
    currency: CurrencyCode
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
    currency: CurrencyCode
    """In which it is kept (ISO 4217)."""
    status: AccountStatus
    """Whether something can be entered in it."""
    constraint: Constraint | None
    """What it never does; null for nothing."""
    debit: int
    """All that was ever entered on its debit side, in minor units."""
    credit: int
    """All that was ever entered on its credit side, in minor units."""
    balance: int
    """What it holds, in minor units; positive on the side on which it grows."""

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls.showing(account)


class EntryLineView(Shown):
    """One line of an entry."""

    account_id: AccountId
    """The account that is debited or credited."""
    code: str
    """The code of the account, by the chart of accounts of its book: `1002` is the bank."""
    debit: int
    """Minor units on its debit side; 0 where it is credited."""
    credit: int
    """Minor units on its credit side; 0 where it is debited."""


class EntryView(View):
    """An entry of the journal of a book."""

    book_id: BookId
    """The book that it is in."""
    period: str
    """The month that it is in, `2026-03`."""
    number: int
    """Its number in that month: 1, 2, 3, … without a gap."""
    effective_on: Day
    """For which day it counts."""
    recorded_at: Instant
    """When it was posted."""
    reference: str
    """Unique in its book."""
    description: str
    """What it is about."""
    currency: CurrencyCode
    """In which its lines are (ISO 4217)."""
    lines: list[EntryLineView]
    """What it debits and credits."""
    source: str | None
    """The invoice, payment or other thing that it follows from; null where it was posted by hand."""
    reverses: EntryId | None
    """The entry that it takes back; null for any other."""
    reversed_by: EntryId | None
    """The entry by which it was taken back; null while it stands."""

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls.showing(entry, lines=[EntryLineView.showing(each) for each in entry.lines])
