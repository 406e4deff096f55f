"""Payments and credit notes over HTTP, and their allocation to invoices."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.queries import InvoiceRef
from services.incubator.finance.payments import effects
from services.incubator.finance.payments.bodies import Allocate, IssueCreditNote, PayBack, ReceivePayment
from services.incubator.finance.payments.credit_note import CreditNote
from services.incubator.finance.payments.effects import ALLOCATING, REFUNDING, Share
from services.incubator.finance.payments.payment import Payment
from services.incubator.finance.payments.queries import (
    AllocationNumber,
    CreditNoteFilter,
    CreditNoteRef,
    PaymentFilter,
    PaymentRef,
    RefundNumber,
)
from services.incubator.finance.payments.views import CreditNoteView, PaymentView
from services.incubator.finance.period import check_entered
from services.incubator.finance.posting import POSTING
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.tenants.queries import own_tenant

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


# payments


@router.get("/payments")
async def list_payments(
    asked: Annotated[PaymentFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[PaymentView]:
    """The payments that the zone received, oldest first."""
    return await page.of(tx, Payment, asked.where(), PaymentView.of)


@router.get("/payments/{payment_id}")
async def see_payment(payment_id: PaymentRef, reader: Reader, tx: InTx) -> PaymentView:
    """One payment."""
    return PaymentView.of(await tx.visible(Payment, payment_id))


@router.post("/payments", status_code=201)
@refuses("business_unknown_yet", "currency_mismatch", "date_range", "reference_conflict", *ALLOCATING, *POSTING)
async def receive_payment(body: ReceivePayment, staff: Staff, tx: InTx) -> PaymentView:
    """Take in a payment, and pay invoices with it; what is left waits, where `prepay` says so."""
    if body.currency != CURRENCY:
        refuse(Violation("currency_mismatch", f"The zone's book is kept in {CURRENCY}.", ("currency",)))
    check_entered(body.received_on, zone_date(tx.now), "received_on")
    tenant = await own_tenant(body.business_id, tx)
    payment = Payment.receive(
        tenant.business_id,
        partner_id=tenant.partner_id,
        external_ref=body.external_ref,
        amount=body.amount,
        currency=body.currency,
        on=body.received_on,
    )
    shares = [Share(each.invoice_id, each.amount, ("allocations", at)) for at, each in enumerate(body.allocations)]
    await effects.receive(payment, shares, tx, prepay=body.prepay)
    return PaymentView.of(payment)


@router.post("/payments/{payment_id}/allocations")
@refuses(*ALLOCATING, *POSTING)
async def allocate_payment(payment_id: PaymentRef, body: Allocate, staff: Staff, tx: InTx) -> PaymentView:
    """Pay an invoice, from today on, with what is left of a payment."""
    payment = await tx.visible(Payment, payment_id)
    await effects.allocate(payment, Share(body.invoice_id, body.amount), tx)
    return PaymentView.of(payment)


@router.post("/payments/{payment_id}/allocations/{number}/undo")
@refuses("already_undone", *POSTING)
async def undo_allocation(payment_id: PaymentRef, number: AllocationNumber, staff: Staff, tx: InTx) -> PaymentView:
    """Undo one allocation of a payment, from today on; all others stay, and so does this one as history."""
    payment = await tx.visible(Payment, payment_id)
    await effects.undo(payment, number, tx)
    return PaymentView.of(payment)


@router.post("/payments/{payment_id}/refunds")
@refuses(*REFUNDING, *POSTING)
async def refund_payment(payment_id: PaymentRef, body: PayBack, staff: Staff, tx: InTx) -> PaymentView:
    """Pay back what is left of a payment, or a part of it, from today on."""
    payment = await tx.visible(Payment, payment_id)
    await effects.refund(payment, body.amount, tx)
    return PaymentView.of(payment)


@router.post("/payments/{payment_id}/refunds/{number}/undo")
@refuses("already_undone", *POSTING)
async def undo_refund(payment_id: PaymentRef, number: RefundNumber, staff: Staff, tx: InTx) -> PaymentView:
    """Let one refund that did not arrive be undone, from today on; its money waits again."""
    payment = await tx.visible(Payment, payment_id)
    await effects.undo_refund(payment, number, tx)
    return PaymentView.of(payment)


@router.post("/payments/{payment_id}/reverse")
@refuses("invalid_transition", "payment_refunded", *POSTING)
async def reverse_payment(payment_id: PaymentRef, staff: Staff, tx: InTx) -> PaymentView:
    """Let a payment that bounced be gone from today on: its own allocations are undone, and no others."""
    payment = await tx.visible(Payment, payment_id)
    await effects.reverse(payment, tx)
    return PaymentView.of(payment)


# credit notes


@router.get("/credit-notes")
async def list_credit_notes(
    asked: Annotated[CreditNoteFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[CreditNoteView]:
    """The credit notes of the zone, oldest first."""
    return await page.of(tx, CreditNote, asked.where(), CreditNoteView.of)


@router.get("/credit-notes/{credit_note_id}")
async def see_credit_note(credit_note_id: CreditNoteRef, reader: Reader, tx: InTx) -> CreditNoteView:
    """One credit note."""
    return CreditNoteView.of(await tx.visible(CreditNote, credit_note_id))


@router.post("/invoices/{invoice_id}/credit-notes", status_code=201)
@refuses("overcredited", "line_unknown", "nothing_to_credit", "invalid_transition", "too_many_allocations", *POSTING)
async def issue_credit_note(invoice_id: InvoiceRef, body: IssueCreditNote, staff: Staff, tx: InTx) -> CreditNoteView:
    """Credit a part of an invoice, or all that is left of it; it takes what is owed, and the rest is the tenant's."""
    invoice = await tx.visible(Invoice, invoice_id)
    if body.lines is None:
        amounts = {number: line.left for number, line in enumerate(invoice.lines, start=1) if line.left}
    else:
        amounts = Counter[int]()
        for each in body.lines:
            amounts[each.line] += each.amount
    return CreditNoteView.of(await effects.credit(invoice, amounts, body.reason, tx))


@router.post("/credit-notes/{credit_note_id}/allocations")
@refuses(*ALLOCATING, *POSTING)
async def allocate_credit_note(credit_note_id: CreditNoteRef, body: Allocate, staff: Staff, tx: InTx) -> CreditNoteView:
    """Take away what is owed on another invoice, from today on, with what is left of a credit note."""
    note = await tx.visible(CreditNote, credit_note_id)
    await effects.allocate(note, Share(body.invoice_id, body.amount), tx)
    return CreditNoteView.of(note)


@router.post("/credit-notes/{credit_note_id}/allocations/{number}/undo")
@refuses("already_undone", "not_reversible", *POSTING)
async def undo_credit_allocation(
    credit_note_id: CreditNoteRef, number: AllocationNumber, staff: Staff, tx: InTx
) -> CreditNoteView:
    """Undo one allocation of a credit note to another invoice, from today on."""
    note = await tx.visible(CreditNote, credit_note_id)
    await effects.undo(note, number, tx)
    return CreditNoteView.of(note)


@router.post("/credit-notes/{credit_note_id}/refunds")
@refuses(*REFUNDING, *POSTING)
async def refund_credit_note(credit_note_id: CreditNoteRef, body: PayBack, staff: Staff, tx: InTx) -> CreditNoteView:
    """Pay back what is left of a credit note, or a part of it, from today on."""
    note = await tx.visible(CreditNote, credit_note_id)
    await effects.refund(note, body.amount, tx)
    return CreditNoteView.of(note)


@router.post("/credit-notes/{credit_note_id}/refunds/{number}/undo")
@refuses("already_undone", *POSTING)
async def undo_credit_refund(
    credit_note_id: CreditNoteRef, number: RefundNumber, staff: Staff, tx: InTx
) -> CreditNoteView:
    """Let one refund of a credit note that did not arrive be undone, from today on; its money waits again."""
    note = await tx.visible(CreditNote, credit_note_id)
    await effects.undo_refund(note, number, tx)
    return CreditNoteView.of(note)
