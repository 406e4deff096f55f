"""What the registry says, and what it does to the books."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessRegistered
from services.incubator.finance.book import Book
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.tenants.tenant import book_id

on = Handlers()


@on(BusinessRegistered, loads=lambda event: [(Book, book_id(event.business_id))])
async def open_book(event: BusinessRegistered, tx: Tx) -> None:
    """A registered business gets a book of its own with its first accounts."""
    if await tx.find(Book, book_id(event.business_id)) is None:
        tx.save(Book.open_for(event.business_id, partner_id=event.partner_id, currency=CURRENCY))
