"""A credit: what a tenant has given, or was given back, and what of it was allocated to invoices."""

from abc import abstractmethod
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, NotFound
from services.chassis.domain.events import Event
from services.chassis.domain.times import Day, zone_midnight
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.book import AMOUNT_SCHEMA, CURRENCY_SCHEMA
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.settlement import Settlement

MOST_ALLOCATIONS = 500
"""Of one credit, those included that were undone."""
MOST_REFUNDS = 100
"""Of one credit, those included that were undone."""
CREDIT_VALIDATOR = {
    "$jsonSchema": {
        "required": ["business_id", "partner_id", "amount", "unallocated", "allocations", "on"],
        "properties": {
            "currency": CURRENCY_SCHEMA,
            "amount": AMOUNT_SCHEMA,
            "unallocated": AMOUNT_SCHEMA,
            "on": {"bsonType": "date"},
        },
    },
    "$expr": {"$lte": ["$unallocated", "$amount"]},
}


class Spent(BaseModel):
    """A part of a credit that is spent; one that is undone stays on record.

    Attributes:
        number: 1, 2, 3, … of its credit and kind.
        on: from which day it counts.
        undone_on: from which day it counts no more; None while it stands.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    amount: int
    on: Day
    undone_on: Day | None = None

    def counts_on(self, day: date) -> bool:
        return self.on <= day and (self.undone_on is None or day < self.undone_on)


class Allocation(Spent):
    """A part that takes away what is owed on an invoice."""

    invoice_id: InvoiceId


class Refund(Spent):
    """A part that was paid back to its business."""


class Credit(Aggregate):
    """Money that is spent on invoices or paid back, and no more than there is.

    Attributes:
        amount: in minor units.
        unallocated: what of it is on no invoice and was not paid back.
        on: from which day it counts.
        used_up_on: since when nothing of it is left; None while something is.
    """

    business_id: BusinessId
    partner_id: str
    currency: str
    amount: int
    unallocated: int
    on: Day
    allocations: list[Allocation] = Field(default_factory=list)
    refunds: list[Refund] = Field(default_factory=list)
    used_up_on: Day | None = None

    @abstractmethod
    def allocated(self, allocation: Allocation) -> Event:
        """That an allocation was made."""

    @abstractmethod
    def undone(self, allocation: Allocation, on: date) -> Event:
        """That an allocation was undone."""

    @abstractmethod
    def paid_back(self, refund: Refund) -> Event:
        """That a part was paid back."""

    @abstractmethod
    def not_paid_back(self, refund: Refund, on: date) -> Event:
        """That a refund was undone."""

    def unallocated_on(self, day: date) -> int:
        """What of it was on no invoice, nor paid back, at the end of a day; it counts from then or earlier."""
        return self.amount - sum(each.amount for each in self._spent if each.counts_on(day))

    def allocate(self, invoice: Invoice, amount: int, *, on: date) -> Allocation:
        """Take away a part of what is owed on an invoice of the same business; both are to be saved.

        Raises:
            Conflict: `too_many_allocations`; `overallocated`, with what is left; see `Invoice.check_can_be_settled`.
        """
        if len(self.allocations) >= MOST_ALLOCATIONS or invoice.is_full:
            raise Conflict("So many allocations are not made.", code="too_many_allocations")
        if amount > self.unallocated:
            raise Conflict("No more than is left is allocated.", code="overallocated", unallocated=self.unallocated)
        number = len(self.allocations) + 1
        invoice.settle(Settlement(by=self.id, number=number, amount=amount, on=on))
        allocation = Allocation(number=number, invoice_id=invoice.id, amount=amount, on=on)
        self.allocations = [*self.allocations, allocation]
        self._have(self.unallocated - amount)
        self.record(self.allocated(allocation), effective_at=zone_midnight(on))
        return allocation

    def allocation(self, number: int) -> Allocation:
        """One that stands.

        Raises:
            NotFound: there is none with this number.
            Conflict: `already_undone`.
        """
        if not 0 < number <= len(self.allocations):
            raise NotFound
        found = self.allocations[number - 1]
        if found.undone_on is not None:
            raise Conflict("It is undone already.", code="already_undone")
        return found

    def undo(self, number: int, invoice: Invoice, *, on: date) -> Allocation:
        """Let one allocation count no more, and all others stay; the credit and the invoice are to be saved.

        Raises:
            NotFound, Conflict: see `allocation`.
        """
        undone = self.allocation(number)
        on = max(on, undone.on)
        invoice.unsettle(self.id, number, on=on)
        kept = [
            each.model_copy(update={"undone_on": on}) if each.number == number else each for each in self.allocations
        ]
        self.allocations = kept
        self._have(self.unallocated + undone.amount)
        self.record(self.undone(undone, on), effective_at=zone_midnight(on))
        return undone

    def refund(self, amount: int, *, on: date) -> Refund:
        """Pay back a part of what is left.

        Raises:
            Conflict: `too_many_refunds`; `overrefunded`, with what is left.
        """
        if len(self.refunds) >= MOST_REFUNDS:
            raise Conflict("So many refunds are not made.", code="too_many_refunds")
        if amount > self.unallocated:
            raise Conflict("No more than is left is paid back.", code="overrefunded", unallocated=self.unallocated)
        made = Refund(number=len(self.refunds) + 1, amount=amount, on=on)
        self.refunds = [*self.refunds, made]
        self._have(self.unallocated - amount)
        self.record(self.paid_back(made), effective_at=zone_midnight(on))
        return made

    def undo_refund(self, number: int, *, on: date) -> Refund:
        """Let one refund count no more, such as one that the bank sent back.

        Raises:
            NotFound: there is none with this number.
            Conflict: `already_undone`.
        """
        if not 0 < number <= len(self.refunds):
            raise NotFound
        undone = self.refunds[number - 1]
        if undone.undone_on is not None:
            raise Conflict("It is undone already.", code="already_undone")
        on = max(on, undone.on)
        self.refunds = [
            each.model_copy(update={"undone_on": on}) if each.number == number else each for each in self.refunds
        ]
        self._have(self.unallocated + undone.amount)
        self.record(self.not_paid_back(undone, on), effective_at=zone_midnight(on))
        return undone

    @property
    def _spent(self) -> list[Spent]:
        return [*self.allocations, *self.refunds]

    def _have(self, unallocated: int) -> None:
        self.unallocated = unallocated
        standing = [each.on for each in self._spent if each.undone_on is None]
        self.used_up_on = max([self.on, *standing]) if not unallocated else None
