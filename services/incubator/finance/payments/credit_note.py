"""A credit note: a part of an invoice that is not owed after all."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self

from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import owned_by
from services.contracts.incubator.finance import InvoiceId
from services.contracts.incubator.invoices import (
    CreditNoteAllocated,
    CreditNoteId,
    CreditNoteIssued,
    CreditNoteRefunded,
    CreditNoteRefundReversed,
    CreditNoteUnallocated,
)
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.line import CreditedLine, by_kind
from services.incubator.finance.payments.credit import CREDIT_VALIDATOR, Allocation, Credit, Refund


class CreditNote(Credit):
    """A part of an invoice that is not owed after all: it takes what is still owed there, and the rest is a credit.

    Attributes:
        number: consecutive over all credit notes of the zone.
        subtotal, tax: sums over its lines; `amount` is both together.
        on: the day of its issue.
    """

    collection: ClassVar[str] = "credit_notes"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("invoice_id", 1), ("_id", 1)),
        (("used_up_on", 1), ("on", 1), ("business_id", 1)),
    )
    validator: ClassVar = CREDIT_VALIDATOR

    id: CreditNoteId
    invoice_id: InvoiceId
    number: int
    reason: str
    lines: list[CreditedLine]
    subtotal: int
    tax: int

    @classmethod
    def issue(cls, invoice: Invoice, lines: Sequence[CreditedLine], number: int, *, reason: str, on: date) -> Self:
        """A credit note over lines of an invoice that took note of them (`Invoice.credit`).

        Raises:
            Conflict: `nothing_to_credit`, together they are not more than 0.
        """
        subtotal, tax = sum(each.amount for each in lines), sum(each.tax for each in lines)
        if subtotal + tax <= 0:
            raise Conflict("There is nothing to credit.", code="nothing_to_credit")
        note = cls(
            id=new_id("crn"),
            business_id=invoice.business_id,
            partner_id=invoice.partner_id,
            invoice_id=invoice.id,
            number=number,
            reason=reason,
            currency=invoice.currency,
            lines=list(lines),
            subtotal=subtotal,
            tax=tax,
            amount=subtotal + tax,
            unallocated=subtotal + tax,
            on=on,
        )
        note.record(
            CreditNoteIssued(
                credit_note_id=note.id,
                total=note.amount,
                issued_on=on,
                lines=by_kind([(each.kind, each.amount, each.tax) for each in lines]),
                **{
                    name: getattr(note, name)
                    for name in ("business_id", "invoice_id", "number", "currency", "subtotal", "tax")
                },
            )
        )
        return note

    def undo(self, number: int, invoice: Invoice, *, on: date) -> Allocation:
        """As of any credit; what it took of its own invoice it keeps. Raises Conflict (`not_reversible`)."""
        if invoice.id == self.invoice_id:
            raise Conflict("A credit note keeps what it takes of its own invoice.", code="not_reversible")
        return super().undo(number, invoice, on=on)

    def paid_back(self, refund: Refund) -> CreditNoteRefunded:
        return CreditNoteRefunded(**self._told(refund), refunded_on=refund.on)

    def not_paid_back(self, refund: Refund, on: date) -> CreditNoteRefundReversed:
        return CreditNoteRefundReversed(**self._told(refund), reversed_on=on)

    def _told(self, refund: Refund) -> dict[str, Any]:
        said = {"business_id": self.business_id, "credit_note_id": self.id, "currency": self.currency}
        return {**said, "number": refund.number, "amount": refund.amount}

    def allocated(self, allocation: Allocation) -> CreditNoteAllocated:
        said = allocation.model_dump(exclude={"undone_on"})
        return CreditNoteAllocated(business_id=self.business_id, credit_note_id=self.id, **said)

    def undone(self, allocation: Allocation, on: date) -> CreditNoteUnallocated:
        said = allocation.model_dump(exclude={"undone_on"}) | {"on": on}
        return CreditNoteUnallocated(business_id=self.business_id, credit_note_id=self.id, **said)
