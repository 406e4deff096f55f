"""The terms of a round: what is sought, for what, and what must be so before it closes."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.money import LARGEST
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import Violation
from services.contracts.incubator.startups.rounds import Instrument
from services.contracts.incubator.startups.shares import ShareClassId

Amount = Annotated[int, Field(ge=1, le=LARGEST)]
"""Minor units of the round's currency."""
DiscountBps = Annotated[int, Field(ge=1, le=9_000)]
RoundName = Annotated[str, Text(at_most=100)]
Hours = Annotated[int, Field(ge=0, le=24 * 30)]


class Oversubscription(StrEnum):
    """The ways of a round that is offered more than it takes."""

    REJECT = "reject"
    WAITLIST = "waitlist"
    PRO_RATA = "pro_rata"


class ConditionKind(StrEnum):
    """What must be so before a round closes."""

    TARGET_REACHED = "target_reached"
    DOCUMENTS_SIGNED = "documents_signed"
    BOARD_APPROVAL = "board_approval"
    KYC = "kyc"
    FUNDS_RECEIVED = "funds_received"


class RoundCondition(BaseModel):
    """A condition of closing."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    number: int
    """Which of the round's: 1, 2, 3 and so on."""
    kind: ConditionKind
    """What must be so."""
    met_at: Instant | None = None
    """Since when it is; null while it is not."""


class RoundTerms(Part):
    """The terms of a round, as they hold now. Amounts are minor units of its currency."""

    target: Amount
    """How much must come together; exactly that is enough."""
    hard_cap: Amount
    """How much it raises at most."""
    min_ticket: Amount = 1
    """How much a pledge is at least, but for one that fills the round exactly."""
    max_per_investor: Amount | None = None
    """How much an investor pledges at most, in all; null for no bound."""
    opens_at: Instant
    """The first moment at which somebody can pledge."""
    deadline: Instant
    """The first moment at which nobody can any more."""
    cancel_before_hours: Hours = 48
    """Until how many hours before the deadline an investor may take its pledge back."""
    oversubscription: Annotated[Oversubscription, Field(strict=False)] = Oversubscription.REJECT
    """What becomes of a pledge for which there is no room."""
    pre_money: Amount | None = None
    """What the business is worth before, of priced equity."""
    share_class_id: ShareClassId | None = None
    """Which shares are issued at the close, of priced equity."""
    valuation_cap: Amount | None = None
    """The worth by which a convertible becomes shares at most."""
    discount_bps: DiscountBps | None = None
    """By how much less than others a convertible pays for a share, in basis points."""

    def wrong_for(self, instrument: Instrument) -> Iterator[Violation]:
        """What does not go together in them."""
        if self.target > self.hard_cap:
            yield Violation("target_above_cap", "A round does not seek more than it takes.", ("target",))
        if self.min_ticket > self.hard_cap:
            yield Violation("ticket_range", "A pledge is not more than the round takes.", ("min_ticket",))
        if self.max_per_investor is not None and self.max_per_investor < self.min_ticket:
            yield Violation("ticket_range", "An investor may pledge the least at least.", ("max_per_investor",))
        if self.deadline <= self.opens_at:
            yield Violation("date_range", "A round opens before its deadline.", ("deadline",))
        priced = instrument is Instrument.PRICED_EQUITY
        for name in ("pre_money", "share_class_id"):
            if (getattr(self, name) is None) == priced:
                yield Violation("terms_of_instrument", "Priced equity, and nothing else, says this.", (name,))
        convertible = instrument is Instrument.CONVERTIBLE
        said = [name for name in ("valuation_cap", "discount_bps") if getattr(self, name) is not None]
        if convertible and not said:
            yield Violation("terms_of_instrument", "A convertible has a cap, a discount, or both.", ("valuation_cap",))
        if not convertible:
            for name in said:
                yield Violation("terms_of_instrument", "A convertible alone says this.", (name,))

    def changed(self, **said: Any) -> "RoundTerms":
        """The same with other members."""
        return self.model_copy(update=said)

    def may_ever_take(self, amount: int) -> bool:
        """Whether a pledge fits into a round that has no other: else it does not wait, and holds nobody up who does."""
        return amount <= self.hard_cap

    def may_cancel(self, at: datetime) -> bool:
        """Whether an investor may still take its pledge back, as far as the deadline goes."""
        return (self.deadline - at).total_seconds() >= self.cancel_before_hours * 3600
