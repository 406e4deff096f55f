"""What time does to the books. Every task looks at what there is, so it may run twice, or late."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import ZONE_BOOK, Book
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.status import OWED
from services.incubator.finance.schedules.effects import release_due
from services.incubator.finance.schedules.schedule import PrepaidSchedule, ScheduleStatus


async def open_zone_book(now: datetime, new_tx: NewTx) -> None:
    """The zone gets a book of its own, with its first accounts, at the first start."""
    tx = new_tx()
    if await tx.find(Book, ZONE_BOOK) is None:
        tx.save(Book.open_for_zone())
        await tx.commit()


async def tell_overdue(now: datetime, new_tx: NewTx) -> None:
    """Of each invoice that is owed and whose due day has passed, that is said once."""
    today = zone_date(now)

    async def tell(invoice: Invoice, tx: Tx) -> None:
        if invoice.is_overdue(today) and not invoice.overdue_told:
            invoice.tell_overdue()
            tx.save(invoice)

    due = {"status": {"$in": list(OWED)}, "due_on": {"$lt": today}, "overdue_told": False}
    await for_each(Invoice, due, tell, new_tx)


async def release_prepaid(now: datetime, new_tx: NewTx) -> None:
    """Every month that is over gets its part of what was paid in advance."""
    today = zone_date(now)

    async def release(schedule: PrepaidSchedule, tx: Tx) -> None:
        await release_due(schedule, today, tx)

    due = {"status": ScheduleStatus.RUNNING, "due_on": {"$lt": today}}
    await for_each(PrepaidSchedule, due, release, new_tx)


CLOCKS = (
    Clock("finance.zone_book", every=3600, task=open_zone_book),
    Clock("finance.overdue", every=60, task=tell_overdue),
    Clock("finance.prepaid", every=600, task=release_prepaid),
)
