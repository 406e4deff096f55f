"""A departure: a business that is being dissolved leaves the incubator, which answers what it still owes (D-24)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final, Literal, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.part import Part
from services.chassis.domain.times import Instant
from services.contracts.incubator.debts import DebtsDeclared, DebtsSettled
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.dissolutions import BusinessDissolutionStarted
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.kernel.quantity import CURRENCY
from services.incubator.tenants.tenant import Tenant


class DepartureStatus(StrEnum):
    """How far a departure has come."""

    UNDER_WAY = "under_way"
    """Nothing is owed, but something is still to be charged; the registry has no answer yet."""
    OWING = "owing"
    """Invoices are unpaid, and the registry knows."""
    SETTLED = "settled"
    """Nothing is owed and nothing more will be charged; the registry knows."""
    CANCELLED = "cancelled"
    """The business stays."""
    LEFT = "left"
    """The business is no more, and nothing is owed."""


S = DepartureStatus

MOVES: Final[Mapping[DepartureStatus, frozenset[DepartureStatus]]] = {
    S.UNDER_WAY: frozenset({S.OWING, S.SETTLED, S.CANCELLED}),
    S.OWING: frozenset({S.SETTLED, S.CANCELLED}),
    S.SETTLED: frozenset({S.OWING, S.CANCELLED, S.LEFT}),
    S.CANCELLED: frozenset({S.UNDER_WAY}),
    S.LEFT: frozenset({S.UNDER_WAY}),
}

LOOKED_AT: Final = (S.UNDER_WAY, S.OWING, S.SETTLED)
"""Until a business is no more, what was settled may be owed again: a payment bounces."""

Task = Literal["use_ends", "final_reading", "closing", "utility_bill", "invoice_draft"]


class ToCome(Part):
    """Something that has still to happen before the last invoice of a business can be written."""

    task: Task
    """A room that is in use now; a meter to be read for the last time; a service point to be closed; a bill to be made,
    or made final; a draft of an invoice, by staff, to be finalised or discarded."""
    id: str
    """The reservation, service point, bill or invoice that it is about."""


def departure_id(business_id: str) -> str:
    """The departure of a business: `dpt_` and the same 32 digits; one that leaves, stays and leaves has one."""
    return f"dpt_{business_id.removeprefix('biz_')}"


class Departure(Aggregate):
    """A business on its way out: what is still to be charged, what it owes, and what the registry was told of that.

    Attributes:
        answers: the event that began the dissolution; what the registry is told names it.
        heard: the sequence of the last event of the business that it has followed.
        awaits: what has still to happen, as of the last look.
        amount, invoice_ids: what was declared as owed, in minor units; nothing where it is settled.
        answered_at: when the registry was told last; None while it was not.
        is_dissolved: whether the business is no more.
    """

    collection: ClassVar[str] = "departures"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("status", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["business_id", "partner_id", "status", "answers"],
            "properties": {"status": {"enum": [status.value for status in DepartureStatus]}},
        }
    }

    business_id: BusinessId
    partner_id: str
    status: DepartureStatus
    answers: str
    heard: int
    since: Instant
    awaits: list[ToCome] = Field(default=[])
    amount: int = 0
    invoice_ids: list[InvoiceId] = Field(default=[])
    answered_at: Instant | None = None
    is_dissolved: bool = False

    @classmethod
    def begin(cls, event: BusinessDissolutionStarted, tenant: Tenant) -> Self:
        """A business takes leave."""
        return cls(
            id=departure_id(tenant.business_id),
            business_id=tenant.business_id,
            partner_id=tenant.partner_id,
            status=DepartureStatus.UNDER_WAY,
            answers=event.envelope.id,
            heard=event.envelope.sequence,
            since=event.envelope.effective,
        )

    @property
    def currency(self) -> str:
        """In which all that the zone charges is kept."""
        return CURRENCY

    def hears(self, sequence: int) -> bool:
        """Whether an event of the business is later than all that it followed; then it follows that one."""
        is_news, self.heard = sequence > self.heard, max(sequence, self.heard)
        return is_news

    def begin_again(self, event: BusinessDissolutionStarted) -> None:
        """A business that had stayed, or had come back, takes leave again."""
        self._move_to(DepartureStatus.UNDER_WAY)
        self.answers, self.since = event.envelope.id, event.envelope.effective
        self.awaits, self.amount, self.invoice_ids = [], 0, []
        self.answered_at, self.is_dissolved = None, False

    def cancel(self) -> None:
        """The business stays."""
        self._move_to(DepartureStatus.CANCELLED)
        self.awaits = []

    def look(self, owed: Sequence[Invoice], awaits: Sequence[ToCome], *, at: datetime) -> bool:
        """Tell the registry what is owed, where that is something else than it knows; whether anything has changed.

        Args:
            owed: the invoices on which something is.
            awaits: what has still to happen before the last invoice.
        """
        changed = self.awaits != list(awaits)
        self.awaits = list(awaits)
        amount, ids = sum(each.outstanding for each in owed), sorted(each.id for each in owed)
        if owed and (self.status is not DepartureStatus.OWING or (amount, ids) != (self.amount, self.invoice_ids)):
            if self.status is not DepartureStatus.OWING:
                self._move_to(DepartureStatus.OWING)
            self.amount, self.invoice_ids, self.answered_at = amount, ids, at
            self.record(self._declared())
            return True
        if not owed and not awaits and self.status is not DepartureStatus.SETTLED:
            self._move_to(DepartureStatus.SETTLED)
            self.amount, self.invoice_ids, self.answered_at = 0, [], at
            self.record(self._settled())
            return True
        if self.status is DepartureStatus.SETTLED and self.is_dissolved:
            self._move_to(DepartureStatus.LEFT)
            return True
        return changed

    def _declared(self) -> DebtsDeclared:
        return DebtsDeclared(
            business_id=self.business_id,
            answers=self.answers,
            amount=self.amount,
            currency=self.currency,
            invoice_ids=self.invoice_ids,
        )

    def _settled(self) -> DebtsSettled:
        return DebtsSettled(
            business_id=self.business_id, answers=self.answers, amount=self.amount, currency=self.currency
        )

    def _move_to(self, status: DepartureStatus) -> None:
        self.status = move(self.status, status, MOVES)
