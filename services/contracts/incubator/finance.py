"""What the incubator tells everyone of its tenants and their books."""

from typing import Annotated

from pydantic import BaseModel

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.registry.businesses import BusinessId

TENANTS = Topic("zone.incubator.tenants")
"""The incubator's read-copies of businesses."""
BOOKS = Topic("zone.incubator.books")
"""Books, accounts, entries, invoices and payments; keyed by the business that owns the book."""

BookId = Annotated[str, id_of("bok")]
AccountId = Annotated[str, id_of("acc")]
EntryId = Annotated[str, id_of("ent")]
InvoiceId = Annotated[str, id_of("ivc")]


class BookOpened(Event, name="zone.incubator.book.opened.v1", topic=BOOKS, audience="owner"):
    """A business got a double-entry book of its own, with the first accounts of the national chart."""

    business_id: BusinessId
    book_id: BookId
    currency: str


class AccountOpened(Event, name="zone.incubator.account.opened.v1", topic=BOOKS, audience="owner"):
    """A book got another account; `business_id` is null in the zone's own book, here and below."""

    business_id: BusinessId | None
    book_id: BookId
    account_id: AccountId
    code: str
    type: str


class AccountClosed(Event, name="zone.incubator.account.closed.v1", topic=BOOKS, audience="owner"):
    """Nothing is entered in an account any more."""

    business_id: BusinessId | None
    book_id: BookId
    account_id: AccountId


class PeriodClosed(Event, name="zone.incubator.period.closed.v1", topic=BOOKS, audience="owner"):
    """The months of a book up to this one are closed: nothing is entered for their days any more."""

    business_id: BusinessId | None
    book_id: BookId
    period: str
    closed_through: Day


class PostedLine(BaseModel):
    """One line of an entry: an account by its code, and minor units on one of its sides."""

    code: str
    debit: int
    credit: int


class EntryPosted(Event, name="zone.incubator.entry.posted.v1", topic=BOOKS, audience="owner"):
    """An entry was posted; `source` names the invoice, payment or other thing that it follows from."""

    business_id: BusinessId | None
    book_id: BookId
    entry_id: EntryId
    period: str
    number: int
    effective_on: Day
    currency: str
    lines: list[PostedLine]
    reverses: EntryId | None
    source: str | None


class EntryReversed(Event, name="zone.incubator.entry.reversed.v1", topic=BOOKS, audience="owner"):
    """An entry was taken back by another one that mirrors it."""

    business_id: BusinessId | None
    book_id: BookId
    entry_id: EntryId
    reversed_by: EntryId
