"""What the incubator tells of its invoices, and of what is paid and credited on them; amounts are minor units."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.incubator.finance import BOOKS, InvoiceId
from services.contracts.registry.businesses import BusinessId

PaymentId = Annotated[str, id_of("pay")]
CreditNoteId = Annotated[str, id_of("crn")]


class ChargeKind(StrEnum):
    """For which offering a line of an invoice is."""

    SPACE = "space"
    WATER = "water"
    ELECTRICITY = "electricity"
    CONSULTING = "consulting"
    OTHER = "other"


class IssuedLine(BaseModel):
    """What an invoice charges for one kind of offering: without tax, and the tax on it."""

    kind: Growing[ChargeKind]
    amount: int
    tax: int


class InvoiceIssued(Event, name="zone.incubator.invoice.issued.v1", topic=BOOKS, audience="owner"):
    """An invoice was finalised: its business owes the total until the due day, that included."""

    business_id: BusinessId
    invoice_id: InvoiceId
    number: int
    currency: str
    subtotal: int
    tax: int
    total: int
    issued_on: Day
    due_on: Day
    lines: list[IssuedLine]


class InvoiceVoided(Event, name="zone.incubator.invoice.voided.v1", topic=BOOKS, audience="owner"):
    """An invoice on which nothing was paid or credited was taken back as a whole."""

    business_id: BusinessId
    invoice_id: InvoiceId
    voided_on: Day


class InvoicePaid(Event, name="zone.incubator.invoice.paid.v1", topic=BOOKS, audience="owner"):
    """Nothing is owed on an invoice any more, by payments or credit notes; a payment that is undone reopens it."""

    business_id: BusinessId
    invoice_id: InvoiceId
    settled_on: Day


class PaymentReceived(Event, name="zone.incubator.payment.received.v1", topic=BOOKS, audience="owner"):
    """A business paid; what of it is on no invoice waits as a prepayment."""

    business_id: BusinessId
    payment_id: PaymentId
    currency: str
    amount: int
    received_on: Day


class PaymentAllocated(Event, name="zone.incubator.payment.allocated.v1", topic=BOOKS, audience="owner"):
    """A part of a payment pays an invoice, from a day on."""

    business_id: BusinessId
    payment_id: PaymentId
    invoice_id: InvoiceId
    number: int
    amount: int
    on: Day


class PaymentUnallocated(Event, name="zone.incubator.payment.unallocated.v1", topic=BOOKS, audience="owner"):
    """One allocation of a payment was undone: its invoice is owed again from a day on."""

    business_id: BusinessId
    payment_id: PaymentId
    invoice_id: InvoiceId
    number: int
    amount: int
    on: Day


class PaymentReversed(Event, name="zone.incubator.payment.reversed.v1", topic=BOOKS, audience="owner"):
    """A payment did not arrive after all; all of its own allocations were undone before."""

    business_id: BusinessId
    payment_id: PaymentId
    reversed_on: Day


class PaymentRefunded(Event, name="zone.incubator.payment.refunded.v1", topic=BOOKS, audience="owner"):
    """What was left of a payment, or a part of it, was paid back to its business."""

    business_id: BusinessId
    payment_id: PaymentId
    number: int
    currency: str
    amount: int
    refunded_on: Day


class PaymentRefundReversed(Event, name="zone.incubator.payment.refund_reversed.v1", topic=BOOKS, audience="owner"):
    """A refund of a payment did not arrive: what it paid back waits as a prepayment again."""

    business_id: BusinessId
    payment_id: PaymentId
    number: int
    currency: str
    amount: int
    reversed_on: Day


class CreditNoteIssued(Event, name="zone.incubator.credit_note.issued.v1", topic=BOOKS, audience="owner"):
    """A part of an invoice, or all of it, is not owed after all; each kind of offering with the tax that comes back."""

    business_id: BusinessId
    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    number: int
    currency: str
    subtotal: int
    tax: int
    total: int
    issued_on: Day
    lines: list[IssuedLine]


class CreditNoteAllocated(Event, name="zone.incubator.credit_note.allocated.v1", topic=BOOKS, audience="owner"):
    """A part of a credit note takes away what is owed on an invoice, its own first, from a day on."""

    business_id: BusinessId
    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    number: int
    amount: int
    on: Day


class CreditNoteUnallocated(Event, name="zone.incubator.credit_note.unallocated.v1", topic=BOOKS, audience="owner"):
    """One allocation of a credit note was undone: its invoice is owed again from a day on."""

    business_id: BusinessId
    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    number: int
    amount: int
    on: Day


class CreditNoteRefunded(Event, name="zone.incubator.credit_note.refunded.v1", topic=BOOKS, audience="owner"):
    """What was left of a credit note, or a part of it, was paid back to its business."""

    business_id: BusinessId
    credit_note_id: CreditNoteId
    number: int
    currency: str
    amount: int
    refunded_on: Day


class CreditNoteRefundReversed(
    Event, name="zone.incubator.credit_note.refund_reversed.v1", topic=BOOKS, audience="owner"
):
    """A refund of a credit note did not arrive: what it paid back waits as a prepayment again."""

    business_id: BusinessId
    credit_note_id: CreditNoteId
    number: int
    currency: str
    amount: int
    reversed_on: Day


class InvoiceOverdue(Event, name="zone.incubator.invoice.overdue.v1", topic=BOOKS, audience="owner"):
    """The due day of an invoice has passed, and something is still owed; said once an invoice."""

    business_id: BusinessId
    invoice_id: InvoiceId
    due_on: Day
    outstanding: int
