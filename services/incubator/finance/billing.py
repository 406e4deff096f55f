"""What offerings call to charge a tenant, inside their own transaction: lines on the draft that gathers them.

    invoice = await add_lines(tx, business_id, [Charge(kind=ChargeKind.WATER, description=…, quantity=…,
        unit_price=…, amount=1234, tax_rate_bps=900, service_from=…, service_through=…, source=bill.id)])

A tenant has one draft at a time that gathers charges; once it is finalised, the next charge begins another. What is
charged names its `source`, by which its line is found.
"""

from collections.abc import Sequence

from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.book import Book
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.line import Charge
from services.incubator.finance.posting import book_of
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.tenants.tenant import Tenant, tenant_id


async def add_lines(tx: Tx, business_id: str, lines: Sequence[Charge]) -> Invoice:
    """Charge a tenant: the lines are on its draft, in the order given, once this transaction commits.

    Raises:
        NotFound: the business is no tenant.
        Unprocessable: `currency_mismatch`, a unit price is not in the zone's currency; `money_invalid`, the sum of
            the draft would be more than any reader can read.
    """
    book = await book_of(business_id, tx)
    invoice = await _draft_of(book, len(lines), tx)
    if invoice is None:
        tenant = await tx.get(Tenant, tenant_id(business_id))
        invoice = Invoice.draft(business_id, partner_id=tenant.partner_id, currency=CURRENCY)
        book.collecting = invoice.id
        tx.save(book)
    invoice.add(lines)
    return tx.save(invoice)


async def _draft_of(book: Book, lines: int, tx: Tx) -> Invoice | None:
    """The draft that gathers the charges of a book's owner, where it has room for more."""
    invoice = await tx.find(Invoice, book.collecting) if book.collecting else None
    return invoice if invoice is not None and invoice.is_draft and invoice.has_room_for(lines) else None
