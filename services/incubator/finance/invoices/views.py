"""What callers see of invoices."""

from datetime import date
from typing import Annotated, ClassVar, Self

from services.chassis.domain.growing import Growing
from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day
from services.chassis.http.view import Shown, View, actions
from services.contracts.incubator.invoices import ChargeKind
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.line import Line
from services.incubator.finance.invoices.settlement import Settlement
from services.incubator.finance.invoices.status import ACTIONS, InvoiceStatus
from services.incubator.kernel.quantity import Quantity, UnitPrice


class InvoiceLineView(Shown):
    """One line of an invoice."""

    number: int
    """Its place in the invoice: 1, 2, 3, …; a credit note names it by that."""
    kind: Growing[ChargeKind]
    """For which offering."""
    description: str
    """What for, in words."""
    quantity: Quantity | None
    """How much of it; null where it is not measured."""
    unit_price: UnitPrice | None
    """At what price a unit; null where there is none."""
    amount: int
    """Without tax, in minor units."""
    tax_rate_bps: int
    """Value added tax in basis points of the amount."""
    tax: int
    """The tax on the amount, in minor units."""
    service_from: Day | None
    """The first day of the service; null where it is of no period."""
    service_through: Day | None
    """The last day of the service, included."""
    source: str | None
    """The id of what is charged; null where there is none."""
    credited: int
    """How much of the amount was credited, without tax."""
    credited_tax: int
    """How much of the tax was credited."""

    @classmethod
    def of(cls, number: int, line: Line) -> Self:
        charge = {name: getattr(line.charge, name) for name in type(line.charge).model_fields}
        return cls(**{**charge, "number": number, **line.model_dump(exclude={"charge"})})


class SettlementView(Shown):
    """A part of what was owed that a payment or a credit note took."""

    by: str
    """The payment or the credit note."""
    number: int
    """Which of its allocations."""
    amount: int
    """How much, in minor units."""
    on: Day
    """From which day on."""
    undone_on: Day | None
    """From which day on it is owed again; null where it is not."""

    @classmethod
    def of(cls, settlement: Settlement) -> Self:
        return cls.showing(settlement)


class InvoiceView(View):
    """An invoice of the zone to a business."""

    at: ClassVar[str] = "/v1/incubator/invoices"

    business_id: BusinessId
    """Who is to pay."""
    number: int | None
    """Consecutive over all invoices of the zone; null while it is a draft."""
    payment_reference: str | None
    """By which the payer names it to the bank (ISO 11649), `RF72IVC12`; null while it is a draft."""
    status: InvoiceStatus
    """How far it has come."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it now."""
    currency: CurrencyCode
    """In which it is written (ISO 4217); all amounts are in its minor units."""
    lines: list[InvoiceLineView]
    """What it charges."""
    subtotal: int
    """The sum of the lines, without tax."""
    tax: int
    """The sum of the taxes of the lines."""
    total: int
    """What is to be paid in all."""
    paid: int
    """What payments took of it."""
    credited: int
    """What credit notes took of it."""
    outstanding: int
    """What is owed now."""
    issued_on: Day | None
    """The day on which it was finalised; null while it is a draft."""
    due_on: Day | None
    """The last day on which it can be paid in time, included; null for a draft that does not say."""
    settled_on: Day | None
    """Since when nothing is owed any more; null while something is."""
    overdue: bool
    """Whether something is owed and the due day has passed."""
    settlements: list[SettlementView]
    """What payments and credit notes took of it, what was undone included."""

    @classmethod
    def of(cls, invoice: Invoice, today: date) -> Self:
        return cls.showing(
            invoice,
            allowed_actions=invoice.allowed_actions,
            lines=[InvoiceLineView.of(number, line) for number, line in enumerate(invoice.lines, start=1)],
            overdue=invoice.is_overdue(today),
            settlements=[SettlementView.of(each) for each in invoice.settlements],
        )
