"""What time does to the books. Every task looks at what there is, so it may run twice, or late."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx
from services.incubator.finance.book import ZONE_BOOK, Book


async def open_zone_book(now: datetime, new_tx: NewTx) -> None:
    """The zone gets a book of its own, with its first accounts, at the first start."""
    tx = new_tx()
    if await tx.find(Book, ZONE_BOOK) is None:
        book = tx.save(Book.open_for_zone())
        for account in book.first_accounts():
            tx.save(account)
        await tx.commit()


CLOCKS = (Clock("finance.zone_book", every=3600, task=open_zone_book),)
