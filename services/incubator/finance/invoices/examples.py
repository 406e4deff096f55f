"""What the document of the API shows of invoices: one of a synthetic business, a draft still."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import zone_date
from services.contracts.incubator.invoices import ChargeKind
from services.incubator.finance.examples import AT
from services.incubator.finance.invoices.bodies import AddCharges, DraftInvoice, FinaliseInvoice
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.line import Charge
from services.incubator.finance.invoices.views import InvoiceView
from services.incubator.kernel.quantity import Quantity, Unit, UnitPrice
from services.incubator.tenants.examples import BUSINESS, DIGITS, OWNER

CHARGE: Final = Charge(
    kind=ChargeKind.ELECTRICITY,
    description="Electricity of October",
    quantity=Quantity(value="1240.5", unit=Unit.KILOWATT_HOUR),
    unit_price=UnitPrice(price="0.4983", currency="CNY", per=Unit.KILOWATT_HOUR),
    amount=61_814,
    tax_rate_bps=1300,
)


def _draft() -> Invoice:
    invoice = Invoice.draft(BUSINESS, partner_id=OWNER, currency="CNY")
    invoice.add([CHARGE])
    return invoice.model_copy(update={"id": f"ivc_{DIGITS}", "version": 1})


DRAFT: Final = _draft()
"""What the examples of payments make an invoice of, which is kept there."""

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = (
    DraftInvoice(business_id=BUSINESS, lines=[CHARGE]),
    AddCharges(lines=[CHARGE]),
    FinaliseInvoice(),
)
ANSWERS: Final[Sequence[BaseModel]] = (InvoiceView.of(DRAFT, zone_date(AT)),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
