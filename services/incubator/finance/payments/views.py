"""What callers see of payments and credit notes."""

from typing import Any, ClassVar, Self

from services.chassis.domain.growing import Growing
from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.view import Shown, View
from services.contracts.incubator.finance import InvoiceId
from services.contracts.incubator.invoices import ChargeKind
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.payments.credit import Allocation, Credit, Refund
from services.incubator.finance.payments.credit_note import CreditNote
from services.incubator.finance.payments.payment import Payment, PaymentStatus


class InvoiceAllocationView(Shown):
    """A part that takes away what is owed on an invoice."""

    number: int
    """1, 2, 3, …: by that it is undone."""
    invoice_id: InvoiceId
    """The invoice that is paid by it."""
    amount: int
    """How much, in minor units."""
    on: Day
    """From which day it counts."""
    undone_on: Day | None
    """From which day it counts no more; null while it stands."""

    @classmethod
    def of(cls, allocation: Allocation) -> Self:
        return cls.showing(allocation)


class RefundView(Shown):
    """A part that was paid back to its business."""

    number: int
    """1, 2, 3, …: by that it is undone."""
    amount: int
    """How much, in minor units."""
    on: Day
    """From which day it counts."""
    undone_on: Day | None
    """From which day it counts no more; null while it stands."""

    @classmethod
    def of(cls, refund: Refund) -> Self:
        return cls.showing(refund)


class CreditView(View):
    """What payments and credit notes have in common."""

    business_id: BusinessId
    """Whose it is."""
    currency: CurrencyCode
    """In which it is (ISO 4217); all amounts are in its minor units."""
    amount: int
    """How much, in all."""
    unallocated: int
    """What of it is on no invoice, and was not paid back."""
    allocations: list[InvoiceAllocationView]
    """Which invoices it pays, what was undone included."""
    refunds: list[RefundView]
    """What of it was paid back, what was undone included."""


def _spent(credit: Credit) -> dict[str, Any]:
    return {
        "allocations": [InvoiceAllocationView.of(each) for each in credit.allocations],
        "refunds": [RefundView.of(each) for each in credit.refunds],
    }


class PaymentView(CreditView):
    """Money that reached the zone's bank."""

    at: ClassVar[str] = "/v1/incubator/payments"

    external_ref: str
    """By which the bank knows it."""
    received_on: Day
    """On which day it came in."""
    status: PaymentStatus
    """Whether the zone has it, or it bounced."""
    reversed_on: Day | None
    """Since when it is not; null while it is."""

    @classmethod
    def of(cls, payment: Payment) -> Self:
        return cls.showing(payment, received_on=payment.on, **_spent(payment))


class CreditedLineView(Shown):
    """What is credited of a line of an invoice."""

    line: int
    """The line, by its number."""
    kind: Growing[ChargeKind]
    """For which offering it is."""
    amount: int
    """How much of it, without tax."""
    tax: int
    """The tax that comes back with it."""


class CreditNoteView(CreditView):
    """A part of an invoice that is not owed after all."""

    at: ClassVar[str] = "/v1/incubator/credit-notes"

    invoice_id: InvoiceId
    """The invoice that it takes back, or a part of it."""
    number: int
    """Consecutive over all credit notes of the zone."""
    reason: str
    """Why it is credited, as its customer reads it."""
    issued_on: Day
    """The day of its issue."""
    lines: list[CreditedLineView]
    """What of which line."""
    subtotal: int
    """The sum of the lines, without tax."""
    tax: int
    """The sum of their taxes."""

    @classmethod
    def of(cls, note: CreditNote) -> Self:
        lines = [CreditedLineView.showing(each) for each in note.lines]
        return cls.showing(note, issued_on=note.on, lines=lines, **_spent(note))
