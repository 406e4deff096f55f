"""How paths name payments, credit notes and their allocations, and the filters of their lists."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.texts.text import Text
from services.chassis.http.filters import Filter
from services.contracts.incubator.finance import InvoiceId
from services.contracts.incubator.invoices import CreditNoteId, PaymentId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.payments.payment import PaymentStatus

PaymentRef = Annotated[PaymentId, Path(description="The payment, by its id.")]
CreditNoteRef = Annotated[CreditNoteId, Path(description="The credit note, by its id.")]
AllocationNumber = Annotated[int, Path(ge=1, le=1_000_000, description="The allocation, by its number.")]
RefundNumber = Annotated[int, Path(ge=1, le=1_000_000, description="The refund, by its number.")]


class PaymentFilter(Filter):
    """By who paid, the bank's reference, and whether the money is there."""

    business_id: BusinessId | None = None
    """Who paid."""
    external_ref: Annotated[str, Text(at_most=100)] | None = None
    """By which the bank knows it."""
    status: PaymentStatus | None = None
    """Whether the money is there."""


class CreditNoteFilter(Filter):
    """By whose it is, and by the invoice."""

    business_id: BusinessId | None = None
    """Whose it is."""
    invoice_id: InvoiceId | None = None
    """The invoice of which a part is credited."""
