"""What payments and credit notes do to invoices and to the books: all of it in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.chassis.domain.errors import Conflict
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.chart import BANK, EXPENSE, PAYABLE, PREPAID, PREPAYMENT, RECEIVABLE, REVENUE, TAX
from services.incubator.finance.invoices.effects import post_both
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.payments.credit import Allocation, Credit, Refund
from services.incubator.finance.payments.credit_note import CreditNote
from services.incubator.finance.payments.payment import Payment
from services.incubator.finance.posting import zone_book

CREDIT_NOTES = "credit_notes"
"""The series of the zone's book that numbers them."""
RECEIVED, REVERSED = "received", "reversed"
"""What of a payment moves the bank, in the references of its entries."""
ALLOCATING = ("invoice_unknown", "overallocated", "overpayment", "invalid_transition", "too_many_allocations")
"""With what an allocation is refused."""
REFUNDING = ("overrefunded", "too_many_refunds")
"""With what a refund is refused."""


class Share(NamedTuple):
    """What of a credit an invoice is to have, and where a body says so."""

    invoice_id: str
    amount: int
    place: tuple[str | int, ...] = ()


async def receive(payment: Payment, shares: Sequence[Share], tx: Tx, *, prepay: bool) -> None:
    """Take money in, and pay invoices with it: bank to receivable, and what is left to prepayment.

    What pays an invoice that was issued later is a prepayment until then.

    Raises:
        Conflict: `reference_conflict`, there is a payment with this reference; `overpayment`, something is left and
            that was not said; see `ALLOCATING`, `post`.
    """
    tx.claim(
        payment.claim, payment.id, taken=Conflict("There is a payment with this reference.", code="reference_conflict")
    )
    made = []
    for share in shares:
        invoice = await _invoice_of(payment, share, tx)
        made.append(payment.allocate(invoice, share.amount, on=max(payment.on, invoice.issued_on or payment.on)))
        tx.save(invoice)
    if payment.unallocated and not prepay:
        raise Conflict("More is paid than allocated.", code="overpayment", unallocated=payment.unallocated)
    tx.save(payment)
    direct = sum(each.amount for each in made if each.on == payment.on)
    rest = payment.amount - direct
    zones = {payment.bank: payment.amount, RECEIVABLE: -direct, PREPAYMENT: -rest}
    tenants = {PAYABLE: direct, PREPAID: rest, BANK: -payment.amount}
    await post_both(payment, RECEIVED, f"Payment {payment.external_ref}", payment.on, zones, tenants, tx)
    for each in made:
        if each.on != payment.on:
            await _post_allocation(payment, each, each.on, tx)


async def allocate(credit: Credit, share: Share, tx: Tx) -> None:
    """Take away what is owed on an invoice, from today on, by what is left of a credit.

    Raises:
        Unprocessable, Conflict: see `ALLOCATING`, `post`.
    """
    invoice = await _invoice_of(credit, share, tx)
    allocation = credit.allocate(invoice, share.amount, on=max(zone_date(tx.now), credit.on))
    tx.save(invoice)
    tx.save(credit)
    await _post_allocation(credit, allocation, allocation.on, tx)


async def undo(credit: Credit, number: int, tx: Tx) -> None:
    """Let one allocation count no more, from today on.

    Raises:
        NotFound, Conflict: see `Credit.undo`, `post`.
    """
    invoice = await tx.get(Invoice, credit.allocation(number).invoice_id)
    undone = credit.undo(number, invoice, on=zone_date(tx.now))
    tx.save(invoice)
    tx.save(credit)
    await _post_allocation(credit, undone, max(zone_date(tx.now), undone.on), tx, sign=-1)


async def refund(credit: Credit, amount: int, tx: Tx) -> None:
    """Pay back a part of what is left of a credit, from today on: prepayment to bank.

    Raises:
        Conflict: see `Credit.refund`, `post`.
    """
    made = credit.refund(amount, on=max(zone_date(tx.now), credit.on))
    tx.save(credit)
    await _post_refund(credit, made, made.on, tx)


async def undo_refund(credit: Credit, number: int, tx: Tx) -> None:
    """Let one refund count no more, from today on: the money is there again.

    Raises:
        NotFound, Conflict: see `Credit.undo_refund`, `post`.
    """
    undone = credit.undo_refund(number, on=zone_date(tx.now))
    tx.save(credit)
    await _post_refund(credit, undone, max(zone_date(tx.now), undone.on), tx, sign=-1)


async def reverse(payment: Payment, tx: Tx) -> None:
    """Let a payment be gone from today on: its own allocations are undone one by one, and the bank is credited.

    Raises:
        Conflict: see `Payment.check_received`, `post`.
    """
    payment.check_received()
    for each in payment.allocations:
        if each.undone_on is None:
            await undo(payment, each.number, tx)
    today = max(zone_date(tx.now), payment.on)
    gone = payment.reverse(on=today)
    tx.save(payment)
    words = f"Payment {payment.external_ref}, reversed"
    await post_both(
        payment, REVERSED, words, today, {PREPAYMENT: gone, payment.bank: -gone}, {BANK: gone, PREPAID: -gone}, tx
    )


async def credit(invoice: Invoice, amounts: Mapping[int, int], reason: str, tx: Tx) -> CreditNote:
    """Credit a part of an invoice: first what is still owed on it; the rest can be allocated to other invoices.

    Args:
        amounts: see `Invoice.credit`.

    Raises:
        Unprocessable, Conflict: see `Invoice.credit`, `CreditNote.issue`, `post`.
    """
    today = zone_date(tx.now)
    lines = invoice.credit(amounts)
    zone = await zone_book(tx)
    note = CreditNote.issue(invoice, lines, zone.take_number(CREDIT_NOTES), reason=reason, on=today)
    applied = min(note.amount, invoice.outstanding)
    if applied:
        note.allocate(invoice, applied, on=today)
    for each in (zone, invoice, note):
        tx.save(each)
    rest = note.amount - applied
    zones = {REVENUE: note.subtotal, TAX: note.tax, RECEIVABLE: -applied, PREPAYMENT: -rest}
    tenants = {EXPENSE: -note.subtotal, TAX: -note.tax, PAYABLE: applied, PREPAID: rest}
    await post_both(note, "issued", f"Credit note {note.number}", today, zones, tenants, tx)
    return note


async def _invoice_of(credit: Credit, share: Share, tx: Tx) -> Invoice:
    invoice = await tx.find(Invoice, share.invoice_id)
    if invoice is None or invoice.business_id != credit.business_id:
        refuse(Violation("invoice_unknown", "The business has no such invoice.", (*share.place, "invoice_id")))
    assert invoice is not None
    return invoice


async def _post_allocation(credit: Credit, allocation: Allocation, on: date, tx: Tx, *, sign: int = 1) -> None:
    amount = sign * allocation.amount
    what = f"{'allocated' if sign > 0 else 'undone'}:{allocation.number}"
    zones, tenants = {PREPAYMENT: amount, RECEIVABLE: -amount}, {PAYABLE: amount, PREPAID: -amount}
    await post_both(credit, what, f"Allocation {allocation.number} of {credit.id}", on, zones, tenants, tx)


async def _post_refund(credit: Credit, refund: Refund, on: date, tx: Tx, *, sign: int = 1) -> None:
    amount = sign * refund.amount
    what = f"{'refunded' if sign > 0 else 'refund-undone'}:{refund.number}"
    bank = credit.bank if isinstance(credit, Payment) else BANK
    zones, tenants = {PREPAYMENT: amount, bank: -amount}, {BANK: amount, PREPAID: -amount}
    await post_both(credit, what, f"Refund {refund.number} of {credit.id}", on, zones, tenants, tx)
