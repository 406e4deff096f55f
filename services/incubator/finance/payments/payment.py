"""A payment: money of a tenant that reached the zone's bank."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, zone_midnight
from services.contracts.incubator.invoices import (
    PaymentAllocated,
    PaymentId,
    PaymentReceived,
    PaymentRefunded,
    PaymentRefundReversed,
    PaymentReversed,
    PaymentUnallocated,
)
from services.incubator.finance.chart import BANK
from services.incubator.finance.payments.credit import CREDIT_VALIDATOR, Allocation, Credit, Refund


class PaymentStatus(StrEnum):
    """Whether the money is there."""

    RECEIVED = "received"
    REVERSED = "reversed"
    """It bounced, or was never there."""


MOVES: Final[Mapping[PaymentStatus, frozenset[PaymentStatus]]] = {
    PaymentStatus.RECEIVED: frozenset({PaymentStatus.REVERSED}),
    PaymentStatus.REVERSED: frozenset(),
}


class Payment(Credit):
    """Money of a tenant that reached the zone's bank; what is on no invoice waits as a prepayment.

    Attributes:
        external_ref: by which the bank knows it; unique.
        bank: the account of the zone's book that it came in on, by its code.
    """

    collection: ClassVar[str] = "payments"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("used_up_on", 1), ("on", 1), ("business_id", 1)),
        (("external_ref", 1), ("_id", 1)),
    )
    validator: ClassVar = CREDIT_VALIDATOR

    id: PaymentId
    external_ref: str
    bank: str = BANK
    status: PaymentStatus = PaymentStatus.RECEIVED
    reversed_on: Day | None = None

    @classmethod
    def receive(
        cls,
        business_id: str,
        *,
        partner_id: str,
        external_ref: str,
        amount: int,
        currency: str,
        on: date,
        bank: str = BANK,
    ) -> Self:
        """Money that came in on a day."""
        payment = cls(
            id=new_id("pay"),
            business_id=business_id,
            partner_id=partner_id,
            external_ref=external_ref,
            amount=amount,
            unallocated=amount,
            currency=currency,
            on=on,
            bank=bank,
        )
        payment.record(
            PaymentReceived(
                business_id=business_id, payment_id=payment.id, currency=currency, amount=amount, received_on=on
            ),
            effective_at=zone_midnight(on),
        )
        return payment

    @property
    def claim(self) -> str:
        """The key that keeps the reference unique."""
        return f"payment|{self.external_ref}"

    def check_received(self) -> None:
        """Raises Conflict: `invalid_transition`, it is reversed; `payment_refunded`, a part of it was paid back."""
        move(self.status, PaymentStatus.REVERSED, MOVES)
        if any(each.undone_on is None for each in self.refunds):
            raise Conflict("A part of it was paid back: undo that first.", code="payment_refunded")

    def reverse(self, *, on: date) -> int:
        """Be gone; its allocations were undone one by one before.

        Returns:
            The prepayment that is gone, in minor units.

        Raises:
            Conflict: `invalid_transition`.
        """
        self.status = move(self.status, PaymentStatus.REVERSED, MOVES)
        self.reversed_on = self.used_up_on = on
        gone, self.unallocated = self.unallocated, 0
        self.record(
            PaymentReversed(business_id=self.business_id, payment_id=self.id, reversed_on=on),
            effective_at=zone_midnight(on),
        )
        return gone

    def unallocated_on(self, day: date) -> int:
        gone = self.reversed_on is not None and self.reversed_on <= day
        return 0 if gone else super().unallocated_on(day)

    def paid_back(self, refund: Refund) -> PaymentRefunded:
        return PaymentRefunded(**self._told(refund), refunded_on=refund.on)

    def not_paid_back(self, refund: Refund, on: date) -> PaymentRefundReversed:
        return PaymentRefundReversed(**self._told(refund), reversed_on=on)

    def _told(self, refund: Refund) -> dict[str, Any]:
        said = {"business_id": self.business_id, "payment_id": self.id, "currency": self.currency}
        return {**said, "number": refund.number, "amount": refund.amount}

    def allocated(self, allocation: Allocation) -> PaymentAllocated:
        said = allocation.model_dump(exclude={"undone_on"})
        return PaymentAllocated(business_id=self.business_id, payment_id=self.id, **said)

    def undone(self, allocation: Allocation, on: date) -> PaymentUnallocated:
        said = allocation.model_dump(exclude={"undone_on"}) | {"on": on}
        return PaymentUnallocated(business_id=self.business_id, payment_id=self.id, **said)
