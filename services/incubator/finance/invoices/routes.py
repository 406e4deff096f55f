"""Invoices over HTTP: drafts that gather charges, and what becomes of them."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.finance.invoices.bodies import AddCharges, DraftInvoice, FinaliseInvoice
from services.incubator.finance.invoices.effects import finalise, void
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.queries import InvoiceFilter, InvoiceRef
from services.incubator.finance.invoices.views import InvoiceView
from services.incubator.finance.period import check_entered
from services.incubator.finance.posting import POSTING
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.tenants.queries import own_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.get("/invoices")
async def list_invoices(
    asked: Annotated[InvoiceFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[InvoiceView]:
    """The invoices of the zone, oldest first, drafts included."""
    today = zone_date(tx.now)
    return await page.of(tx, Invoice, asked.where(), lambda invoice: InvoiceView.of(invoice, today))


@router.get("/invoices/{invoice_id}")
async def see_invoice(invoice_id: InvoiceRef, reader: Reader, tx: InTx) -> InvoiceView:
    """One invoice."""
    return InvoiceView.of(await tx.visible(Invoice, invoice_id), zone_date(tx.now))


@router.post("/invoices", status_code=201)
@refuses("business_unknown_yet", "currency_mismatch")
async def draft_invoice(body: DraftInvoice, staff: Staff, tx: InTx) -> InvoiceView:
    """Begin an invoice: a draft has no number, and is no claim yet."""
    if body.currency != CURRENCY:
        refuse(Violation("currency_mismatch", f"The zone's book is kept in {CURRENCY}.", ("currency",)))
    tenant = await own_tenant(body.business_id, tx)
    invoice = Invoice.draft(
        tenant.business_id, partner_id=tenant.partner_id, currency=body.currency, due_on=body.due_on
    )
    invoice.add(body.lines)
    return InvoiceView.of(tx.save(invoice), zone_date(tx.now))


@router.post("/invoices/{invoice_id}/lines")
@refuses("invalid_transition", "too_many_lines", "currency_mismatch")
async def add_charges(invoice_id: InvoiceRef, body: AddCharges, staff: Staff, tx: InTx) -> InvoiceView:
    """Charge more on a draft."""
    invoice = await tx.visible(Invoice, invoice_id)
    invoice.add(body.lines)
    return InvoiceView.of(tx.save(invoice), zone_date(tx.now))


@router.post("/invoices/{invoice_id}/discard")
@refuses("invalid_transition")
async def discard_invoice(invoice_id: InvoiceRef, staff: Staff, tx: InTx) -> InvoiceView:
    """Let a draft never be an invoice; it leaves no gap in the numbers."""
    invoice = await tx.visible(Invoice, invoice_id)
    invoice.discard()
    return InvoiceView.of(tx.save(invoice), zone_date(tx.now))


@router.post("/invoices/{invoice_id}/finalise")
@refuses("invalid_transition", "nothing_to_invoice", "date_range", *POSTING)
async def finalise_invoice(
    invoice_id: InvoiceRef, staff: Staff, tx: InTx, body: FinaliseInvoice | None = None
) -> InvoiceView:
    """Number a draft and post it to both books: from the day of its issue on it is owed."""
    invoice, said = await tx.visible(Invoice, invoice_id), body or FinaliseInvoice()
    check_entered(said.issued_on, zone_date(tx.now), "issued_on")
    await finalise(invoice, tx, issued_on=said.issued_on, due_on=said.due_on)
    return InvoiceView.of(invoice, zone_date(tx.now))


@router.post("/invoices/{invoice_id}/void")
@refuses("invalid_transition", *POSTING)
async def void_invoice(invoice_id: InvoiceRef, staff: Staff, tx: InTx) -> InvoiceView:
    """Take an invoice back as a whole, on which nothing was paid or credited; its number stays with it."""
    invoice = await tx.visible(Invoice, invoice_id)
    await void(invoice, tx)
    return InvoiceView.of(invoice, zone_date(tx.now))
