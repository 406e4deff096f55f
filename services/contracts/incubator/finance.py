"""What the incubator tells everyone."""

from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of
from services.contracts.registry.businesses import BusinessId

TENANTS = Topic("zone.incubator.tenants")
"""The incubator's read-copies of businesses."""
BOOKS = Topic("zone.incubator.books")
"""Books, accounts, entries, invoices and payments; keyed by the business that owns the book."""

BookId = Annotated[str, id_of("bok")]


class BookOpened(Event, name="zone.incubator.book.opened.v1", topic=BOOKS, audience="owner"):
    """A business got a double-entry book of its own, with the first accounts of the national chart."""

    business_id: BusinessId
    book_id: BookId
    currency: str
