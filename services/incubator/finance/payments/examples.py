"""What the document of the API shows of payments and credit notes: of one synthetic invoice, partly paid."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import zone_date
from services.incubator.finance.examples import AT
from services.incubator.finance.invoices.examples import DRAFT
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.payments.bodies import Allocate, CreditLine, IssueCreditNote, PayBack, ReceivePayment
from services.incubator.finance.payments.credit_note import CreditNote
from services.incubator.finance.payments.payment import Payment
from services.incubator.finance.payments.views import CreditNoteView, PaymentView
from services.incubator.tenants.examples import BUSINESS, DIGITS, OWNER

ON: Final = zone_date(AT)


def _paid_and_credited() -> tuple[Invoice, Payment, CreditNote]:
    invoice = DRAFT.model_copy(deep=True)
    invoice.finalise(1, on=ON)
    payment = Payment.receive(
        BUSINESS, partner_id=OWNER, external_ref="2026112500001", amount=50_000, currency="CNY", on=ON
    )
    payment.id = f"pay_{DIGITS}"
    payment.allocate(invoice, 40_000, on=ON)
    payment.refund(5_000, on=ON)
    note = CreditNote.issue(invoice, invoice.credit({1: 1_000}), 1, reason="Reading corrected", on=ON)
    note.id = f"crn_{DIGITS}"
    note.allocate(invoice, note.amount - 100, on=ON)
    note.refund(100, on=ON)
    invoice.version = payment.version = note.version = 1
    return invoice, payment, note


INVOICE, PAYMENT, CREDIT_NOTE = _paid_and_credited()

KEPT: Final[Sequence[Row]] = (INVOICE, PAYMENT, CREDIT_NOTE)
BODIES: Final[Sequence[BaseModel]] = (
    ReceivePayment(
        business_id=BUSINESS,
        external_ref=PAYMENT.external_ref,
        amount=PAYMENT.amount,
        currency="CNY",
        received_on=ON,
        allocations=[Allocate(invoice_id=INVOICE.id, amount=40_000)],
        prepay=True,
    ),
    Allocate(invoice_id=INVOICE.id, amount=10_000),
    PayBack(amount=5_000),
    IssueCreditNote(reason="Reading corrected", lines=[CreditLine(line=1, amount=1_000)]),
)
ANSWERS: Final[Sequence[BaseModel]] = (PaymentView.of(PAYMENT), CreditNoteView.of(CREDIT_NOTE))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
