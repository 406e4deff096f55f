"""An invoice of the zone to a tenant: a numbered claim that is paid or credited, once it was a draft."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar, Final

from pydantic import Field

from services.chassis.domain.errors import Conflict
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, zone_midnight
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.invoices import InvoiceIssued, InvoiceOverdue, InvoicePaid, InvoiceVoided
from services.incubator.finance.book import AMOUNT_SCHEMA, CURRENCY_SCHEMA
from services.incubator.finance.invoices.draft import Draft
from services.incubator.finance.invoices.line import CreditedLine, by_kind
from services.incubator.finance.invoices.reference import reference_of_number
from services.incubator.finance.invoices.settlement import Settlement
from services.incubator.finance.invoices.status import ACTIONS, ISSUED, MOVES, OWED, InvoiceStatus

__all__ = ["MOVES", "Invoice"]  # the canvas draws the moves of a noun from its file

PAYMENT_DAYS: Final = 30
"""Until an invoice is due, where nothing else is said."""

MOST_SETTLEMENTS: Final = 500
"""Of one invoice, those included that were undone."""


class Invoice(Draft):
    """An invoice of the zone to the business of a tenant. It has a number once it is finalised, and never changes then.

    Attributes:
        number: consecutive over all invoices of the zone; None for a draft.
        paid, credited: what payments and credit notes took of the total.
        settled_on: since when nothing is owed any more; None while something is, or it is a draft.
        overdue_told: whether it was said that its due day has passed.
    """

    collection: ClassVar[str] = "invoices"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("status", 1), ("_id", 1)),
        (("lines.charge.source", 1), ("_id", 1)),
        (("overdue_told", 1), ("due_on", 1), ("_id", 1)),
        (("settled_on", 1), ("issued_on", 1), ("business_id", 1)),
        (("number", 1), ("_id", 1)),
        (("status", 1), ("total", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["business_id", "partner_id", "status", "lines", "total", "paid", "credited"],
            "properties": {
                "status": {"enum": [status.value for status in InvoiceStatus]},
                "currency": CURRENCY_SCHEMA,
                "paid": AMOUNT_SCHEMA,
                "credited": AMOUNT_SCHEMA,
                "issued_on": {"bsonType": ["date", "null"]},
                "due_on": {"bsonType": ["date", "null"]},
            },
        },
        "$expr": {"$lte": [{"$sum": ["$paid", "$credited"]}, {"$max": ["$total", 0]}]},
    }

    number: int | None = None
    paid: int = 0
    credited: int = 0
    issued_on: Day | None = None
    settled_on: Day | None = None
    settlements: list[Settlement] = Field(default_factory=list)
    overdue_told: bool = False

    @property
    def outstanding(self) -> int:
        """What is owed, in minor units; nothing before it is finalised and once it is void."""
        return self.total - self.paid - self.credited if self.status in ISSUED else 0

    def outstanding_on(self, day: date) -> int:
        """What was owed at the end of a day; it was issued by then, and is or was not void."""
        return self.total - sum(each.amount for each in self.settlements if each.counts_on(day))

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it now: of what was credited nothing is left to take back as a whole."""
        return [each for each in ACTIONS[self.status] if each != "void" or not self._credited_total]

    @property
    def creditable(self) -> int:
        """What credit notes can still take of it, with tax: together they are never more than its total."""
        return self.total - self._credited_total

    @property
    def _credited_total(self) -> int:
        return sum(line.credited + line.credited_tax for line in self.lines)

    @property
    def payment_reference(self) -> str | None:
        """By which payers name it (ISO 11649); None for a draft."""
        return None if self.number is None else reference_of_number(self.number)

    def is_overdue(self, today: date) -> bool:
        """Whether something is owed and the due day has passed."""
        return self.status in OWED and self.due_on is not None and self.due_on < today

    # an invoice

    def check_can_be_issued(self) -> None:
        """Raises Conflict: `invalid_transition`; `nothing_to_invoice`, it has no lines or is below 0."""
        self._check_draft()
        if not self.lines or self.total < 0:
            raise Conflict("An invoice has lines, and a total that is not less than 0.", code="nothing_to_invoice")

    def finalise(self, number: int, *, on: date, due_on: date | None = None) -> None:
        """Become a numbered claim, due on a day.

        Raises:
            Conflict: see `check_can_be_issued`.
            Unprocessable: `date_range`, it would be due before it is issued.
        """
        self.check_can_be_issued()
        due_on = due_on or self.due_on or on + timedelta(days=PAYMENT_DAYS)
        if due_on < on:
            refuse(Violation("date_range", "An invoice is not due before it is issued.", ("due_on",)))
        self._move_to(InvoiceStatus.FINALISED)
        self.number, self.issued_on, self.due_on = number, on, due_on
        issued = InvoiceIssued(
            invoice_id=self.id,
            number=number,
            issued_on=on,
            due_on=due_on,
            lines=by_kind([(line.charge.kind, line.charge.amount, line.tax) for line in self.lines]),
            **{name: getattr(self, name) for name in ("business_id", "currency", "subtotal", "tax", "total")},
        )
        self.record(issued, effective_at=zone_midnight(on))
        self._follow(on)

    def void(self, *, on: date) -> None:
        """Take it back as a whole.

        Raises:
            Conflict: `invalid_transition`, something is paid or was credited, or it is no invoice.
        """
        if "void" not in self.allowed_actions:
            raise invalid_transition(self.status, self.allowed_actions)
        self._move_to(InvoiceStatus.VOID)
        self.settled_on = on
        self.record(InvoiceVoided(business_id=self.business_id, invoice_id=self.id, voided_on=on))

    # what is owed

    def check_can_be_settled(self, amount: int) -> None:
        """Raises Conflict: `invalid_transition`, it is no invoice that stands; `overpayment` with the `outstanding`."""
        if self.status not in ISSUED:
            raise invalid_transition(self.status, ACTIONS[self.status])
        if amount > self.outstanding:
            detail = "No more than what is owed is taken."
            raise Conflict(detail, code="overpayment", invoice_id=self.id, outstanding=self.outstanding)

    @property
    def is_full(self) -> bool:
        """Whether so much has happened to it that no more allocations are made."""
        return len(self.settlements) >= MOST_SETTLEMENTS

    def settle(self, settlement: Settlement) -> None:
        """A payment or a credit note takes a part of what is owed. Raises Conflict: see `check_can_be_settled`."""
        self.check_can_be_settled(settlement.amount)
        self.settlements = [*self.settlements, settlement]
        self._count(settlement.by, settlement.amount)
        self._follow(settlement.on)

    def unsettle(self, by: str, number: int, *, on: date) -> None:
        """What an allocation took is owed again, from a day on; all others stay."""
        (undone,) = (each for each in self.settlements if (each.by, each.number) == (by, number))
        self.settlements = [
            each.model_copy(update={"undone_on": max(on, each.on)}) if each is undone else each
            for each in self.settlements
        ]
        self._count(by, -undone.amount)
        self._follow(on)

    def credit(self, amounts: Mapping[int, int]) -> list[CreditedLine]:
        """Note what a credit note takes of lines.

        Args:
            amounts: number of a line → how much of it, without tax, with the sign of the line.

        Raises:
            Conflict: `invalid_transition`; `overcredited` with the `line` and what is `left` of it, or, of more than
                all that is left of the invoice, with that alone.
            Unprocessable: `line_unknown`.
        """
        self.check_can_be_settled(0)
        credited = [self._credited(number, amount) for number, amount in amounts.items()]
        if sum(each.amount + each.tax for each in credited) > self.creditable:
            detail = "No more is credited than is left of the invoice, tax included."
            raise Conflict(detail, code="overcredited", left=self.creditable)
        taken = {each.line: each for each in credited}
        self.lines = [
            line.credited_by(taken[number]) if number in taken else line
            for number, line in enumerate(self.lines, start=1)
        ]
        return credited

    def _credited(self, number: int, amount: int) -> CreditedLine:
        if number > len(self.lines):
            refuse(Violation("line_unknown", "The invoice has no such line.", ("lines",)))
        line = self.lines[number - 1]
        if not 0 < amount * (1 if line.charge.amount > 0 else -1) <= abs(line.left):
            raise Conflict(
                "No more of a line is credited than is left.", code="overcredited", line=number, left=line.left
            )
        return CreditedLine(line=number, kind=line.charge.kind, amount=amount, tax=line.tax_of_credit(amount))

    def _count(self, by: str, amount: int) -> None:
        if by.startswith("pay_"):
            self.paid += amount
        else:
            self.credited += amount

    def tell_overdue(self) -> None:
        """Say, once, that its due day has passed and something is owed."""
        assert self.due_on is not None
        self.overdue_told = True
        self.record(
            InvoiceOverdue(
                business_id=self.business_id,
                invoice_id=self.id,
                due_on=self.due_on,
                outstanding=self.outstanding,
            )
        )

    def _follow(self, on: date) -> None:
        """Have the status that what is owed makes, and say when nothing is any more."""
        left = self.total - self.paid - self.credited
        fitting = InvoiceStatus.PAID if not left else OWED[bool(self.paid + self.credited)]
        if fitting is not self.status:
            self._move_to(fitting)
        was_settled, self.settled_on = self.settled_on, None
        if not left:
            self.settled_on = max([on, *(each.on for each in self.settlements if each.undone_on is None)])
        if self.settled_on is not None and was_settled is None:
            paid = InvoicePaid(business_id=self.business_id, invoice_id=self.id, settled_on=self.settled_on)
            self.record(paid, effective_at=zone_midnight(self.settled_on))
