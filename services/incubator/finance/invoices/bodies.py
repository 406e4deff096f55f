"""What staff sends of invoices."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.invoices.line import Charge
from services.incubator.finance.period import Due, Entered

Charges = Annotated[list[Charge], Field(min_length=1, max_length=100)]


class DraftInvoice(Part):
    """A new draft, with what it charges so far."""

    business_id: BusinessId
    """Who is to pay."""
    currency: CurrencyCode = "CNY"
    """In which it is written: that of the zone's book."""
    due_on: Annotated[Day, Due] | None = None
    """The last day on which it can be paid in time; null for 30 days after it is issued."""
    lines: Annotated[list[Charge], Field(max_length=100)] = Field(default=[])
    """What it charges."""


class AddCharges(Part):
    """What a draft is to charge besides."""

    lines: Charges
    """What is charged."""


class FinaliseInvoice(Part):
    """When it was issued, and when it is due."""

    issued_on: Annotated[Day, Entered] | None = None
    """The day of its issue, where that was before its draft was entered here, as a zone enters what it invoiced before
    it kept its books here; null for today."""
    due_on: Annotated[Day, Due] | None = None
    """The last day on which it can be paid in time; null for that of the draft."""
