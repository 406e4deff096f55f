"""A draft of an invoice: it gathers what a tenant is charged, and can be changed."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.money import LARGEST
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.invoices.line import Charge, Line
from services.incubator.finance.invoices.status import ACTIONS, MOVES, InvoiceStatus

MOST_LINES: Final = 500


class Draft(Aggregate):
    """What an invoice is before it is finalised, and goes on being: lines, and their sums.

    Attributes:
        subtotal, tax, total: sums over its lines, in minor units.
        due_on: the last day on which it can be paid in time; None while nobody said.
    """

    id: InvoiceId
    business_id: BusinessId
    partner_id: str
    currency: str
    status: InvoiceStatus = InvoiceStatus.DRAFT
    lines: list[Line]
    subtotal: int = 0
    tax: int = 0
    total: int = 0
    due_on: Day | None = None

    @classmethod
    def draft(cls, business_id: str, *, partner_id: str, currency: str, due_on: date | None = None) -> Self:
        """An invoice without lines yet."""
        return cls(
            id=new_id("ivc"),
            business_id=business_id,
            partner_id=partner_id,
            currency=currency,
            due_on=due_on,
            lines=[],
        )

    @property
    def is_draft(self) -> bool:
        return self.status is InvoiceStatus.DRAFT

    def has_room_for(self, lines: int) -> bool:
        return len(self.lines) + lines <= MOST_LINES

    def add(self, charges: Sequence[Charge]) -> None:
        """Charge more on a draft.

        Raises:
            Conflict: `invalid_transition`, it is no draft; `too_many_lines`.
            Unprocessable: `currency_mismatch`; `money_invalid`, it would be more than any reader can read.
        """
        self._check_draft()
        if not self.has_room_for(len(charges)):
            raise Conflict(f"An invoice has at most {MOST_LINES} lines.", code="too_many_lines")
        refuse(
            *(
                Violation("currency_mismatch", "It is priced in the invoice's currency.", ("lines", at, "unit_price"))
                for at, charge in enumerate(charges)
                if charge.unit_price is not None and charge.unit_price.currency != self.currency
            )
        )
        self._have([*self.lines, *map(Line.of, charges)])

    def discard(self) -> None:
        """Let a draft never be an invoice. Raises Conflict (`invalid_transition`)."""
        self._move_to(InvoiceStatus.DISCARDED)

    def _check_draft(self) -> None:
        if not self.is_draft:
            raise invalid_transition(self.status, ACTIONS[self.status])

    def _have(self, lines: list[Line]) -> None:
        net, tax = sum(line.charge.amount for line in lines), sum(line.tax for line in lines)
        if max(abs(net), abs(tax), abs(net + tax)) > LARGEST:
            refuse(Violation("money_invalid", "The sum of all lines is at most 2^53-1 minor units.", ("lines",)))
        self.lines, self.subtotal, self.tax, self.total = lines, net, tax, net + tax

    def _move_to(self, status: InvoiceStatus) -> None:
        self.status = move(self.status, status, MOVES, allowed_actions=ACTIONS[self.status])
