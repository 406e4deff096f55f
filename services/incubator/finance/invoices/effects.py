"""What invoices do to the books: the zone's and the tenant's, in one transaction."""

from datetime import date
from typing import Protocol

from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Book
from services.incubator.finance.chart import EXPENSE, PAYABLE, RECEIVABLE, REVENUE, TAX
from services.incubator.finance.entry import HOUSE, Entry, Posting, entry_id, sides
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.posting import book_of, open_day, post, reverse, zone_book

INVOICES = "invoices"
"""The series of the zone's book that numbers them."""
FINALISED = "finalised"


class Charged(Protocol):
    """What happens between the zone and a business: an invoice, a payment, a credit note."""

    id: str
    business_id: str


def reference_of(source: Charged, what: str) -> str:
    """Under which reference what happened to something is posted; callers choose none like it."""
    return f"{HOUSE}{source.id}:{what}"


async def finalise(invoice: Invoice, tx: Tx, *, issued_on: date | None, due_on: date | None) -> None:
    """Number an invoice and post it: receivable to revenue and tax; in the tenant's book, expense and tax to payable.

    Raises:
        Conflict, Unprocessable: see `Invoice.finalise`; `period_closed`, `book_full`.
    """
    invoice.check_can_be_issued()
    on = issued_on or zone_date(tx.now)
    zone = await zone_book(tx)
    invoice.finalise(zone.take_number(INVOICES), on=on, due_on=due_on)
    tx.save(zone)
    tx.save(invoice)
    zones = {RECEIVABLE: invoice.total, REVENUE: -invoice.subtotal, TAX: -invoice.tax}
    tenants = {EXPENSE: invoice.subtotal, TAX: invoice.tax, PAYABLE: -invoice.total}
    await post_both(invoice, FINALISED, f"Invoice {invoice.number}", on, zones, tenants, tx)


async def void(invoice: Invoice, tx: Tx) -> None:
    """Take an invoice back in both books, by reversals of the entries by which it was posted, as of today.

    Raises:
        Conflict: see `Invoice.void`, `post`.
    """
    today = zone_date(tx.now)
    invoice.void(on=today)
    tx.save(invoice)
    for book in (await zone_book(tx), await book_of(invoice.business_id, tx)):
        entry = await tx.find(Entry, entry_id(book.id, reference_of(invoice, FINALISED)))
        if entry is not None:
            words = f"Invoice {invoice.number}, void"
            await reverse(entry, book, tx, effective_on=open_day(book, today), description=words)


async def post_both(
    source: Charged, what: str, words: str, on: date, zones: dict[str, int], tenants: dict[str, int], tx: Tx
) -> None:
    """Post what happened to something between the zone and a business in both of their books.

    In the tenant's own book it counts for the first day that is open there: what a tenant closes is no bar to the zone.

    Args:
        what: with the id of the source it makes the reference.
        zones, tenants: account → debit, less than 0 for a credit, in each book.
    """
    for book, debits in ((await zone_book(tx), zones), (await book_of(source.business_id, tx), tenants)):
        day = on if book.business_id is None else open_day(book, on)
        await _post(book, Posting(day, reference_of(source, what), words, sides(book.id, debits), source.id), tx)


async def _post(book: Book, posting: Posting, tx: Tx) -> None:
    if posting.lines:
        await post(posting, book, tx)
