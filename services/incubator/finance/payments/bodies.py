"""What staff sends of payments and credit notes."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import CurrencyCode, MinorUnits
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import rule
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.period import Entered

MoreThanNothing = Annotated[MinorUnits, rule(lambda amount: amount > 0, "money_invalid", "An amount is more than 0.")]
NotNothing = Annotated[MinorUnits, rule(lambda amount: amount != 0, "money_invalid", "An amount is not 0.")]
BankReference = Annotated[str, Text(at_most=100)]
Reason = Annotated[str, Text(at_most=200)]


class Allocate(Part):
    """What an invoice is to have of a payment or of a credit note."""

    invoice_id: InvoiceId
    """The invoice, of the same business."""
    amount: MoreThanNothing
    """How much, in minor units; at most what is owed on the invoice, and what is left."""


class ReceivePayment(Part):
    """Money that reached the zone's bank."""

    business_id: BusinessId
    """The business that paid; its open invoices can be settled by it."""
    external_ref: BankReference
    """By which the bank knows it; unique."""
    amount: MoreThanNothing
    """How much, in minor units."""
    currency: CurrencyCode
    """That of the zone's book."""
    received_on: Annotated[Day, Entered]
    """On which day it came in."""
    allocations: Annotated[list[Allocate], Field(max_length=50)] = Field(default=[])
    """Which invoices it pays."""
    prepay: bool = False
    """Whether what is left of it waits for later invoices; else all of it is allocated."""


class PayBack(Part):
    """What is paid back of what is left of a payment or of a credit note."""

    amount: MoreThanNothing
    """How much, in minor units."""


class CreditLine(Part):
    """What is credited of a line of an invoice."""

    line: Annotated[int, Field(ge=1, le=500)]
    """The line, by its number."""
    amount: NotNothing
    """How much of it without tax, in minor units, with the sign of the line; the tax follows from it."""


class IssueCreditNote(Part):
    """What is not owed after all."""

    reason: Reason
    """Why it is credited, as its customer reads it."""
    lines: Annotated[list[CreditLine], Field(min_length=1, max_length=500)] | None = None
    """What of which line; null for all that was not credited yet."""
