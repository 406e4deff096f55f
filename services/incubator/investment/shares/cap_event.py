"""A cap event: what became of shares on a day. The events of a business are an append chain; the cap table is its fold.

An event says what it ends and what it begins, so that the fold has no rules: those stand where an event is made.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.aggregate import Row
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.startups.shares import CapTableId, InvestorId, ShareClassId
from services.contracts.registry.businesses import BusinessId

MOST_EVENTS: Final = 10_000
"""Of one business."""


class CapEventType(StrEnum):
    """The kinds of cap events."""

    AUTHORISED_CHANGED = "authorised_changed"
    ISSUED = "issued"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    REPURCHASED = "repurchased"
    SPLIT = "split"


class Holding(BaseModel):
    """Shares of one class that one investor holds under one certificate."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    certificate: str
    """Its number in the register of members, such as `CS-1`; never given out again."""
    share_class_id: ShareClassId
    """Of which class."""
    investor_id: InvestorId
    """Who holds them."""
    shares: int
    """How many shares of the class the holder has."""
    price: str
    """What was paid for one as they were issued, in major units: a decimal number of at most ten places."""
    changed_on: Day
    """The day of the last event that concerned it."""


class Resized(BaseModel):
    """What a split made of a holding."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    certificate: str
    """Of which holding."""
    before: int
    """How many shares it had."""
    after: int
    """How many it has; with 0 it ends."""


class CashInLieu(BaseModel):
    """What an investor is paid for the fraction of a share that a split leaves over."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    investor_id: InvestorId
    """Who is paid."""
    fraction: str
    """Of a share, as a ratio such as `1/5`: exact."""
    amount: int
    """How much, in minor units of the event's currency."""


class CapEvent(Row):
    """A cap event, written once.

    Attributes:
        seq: 1, 2, 3, … within its business; of two events of a day it says which came first.
        shares: how many it concerns; of a split, how many there were.
        cancelled: how many it ended.
        ends, begins: the holdings that are no more, and those that are new.
        resized, cash_in_lieu: what a split made of holdings, and what it left over.
        authorised: how many may be issued from now on; None where that stays.
        paid: to the business as shares are issued, by it as it buys them back, in minor units.
    """

    collection: ClassVar[str] = "cap_events"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("cap_table_id", 1), ("_id", 1)),)

    cap_table_id: CapTableId
    partner_id: str
    business_id: BusinessId
    seq: int
    type: CapEventType
    share_class_id: ShareClassId
    effective_on: Day
    recorded_at: Instant
    currency: str
    shares: int = 0
    cancelled: int = 0
    ends: list[Holding] = Field(default=[])
    begins: list[Holding] = Field(default=[])
    resized: list[Resized] = Field(default=[])
    cash_in_lieu: list[CashInLieu] = Field(default=[])
    numerator: int | None = None
    denominator: int | None = None
    authorised: int | None = None
    paid: int | None = None
    reason: str | None = None

    @property
    def settles(self) -> bool:
        """Whether it looked at how many shares of its class there were, or made room: none is issued before it."""
        return self.authorised is not None or self.type is CapEventType.SPLIT or self.cancelled > 0

    @property
    def holders(self) -> dict[str, int]:
        """How many holdings more, or fewer, each investor has after it."""
        moved = Counter(each.investor_id for each in self.begins)
        moved.subtract(each.investor_id for each in self.ends)
        return {investor_id: by for investor_id, by in moved.items() if by}


class Standing(BaseModel):
    """Who holds what, after some events.

    Attributes:
        authorised: share class → how many may be issued, in the order in which they came.
        holdings: certificate → what is held under it.
    """

    model_config = ConfigDict(extra="forbid")

    authorised: dict[str, int] = Field(default_factory=dict)
    holdings: dict[str, Holding] = Field(default_factory=dict)

    @classmethod
    def after(cls, events: Iterable[CapEvent]) -> Self:
        """The fold of events, in the order of their numbers."""
        standing = cls()
        for event in events:
            standing.take(event)
        return standing

    def take(self, event: CapEvent) -> None:
        """One more event."""
        if event.authorised is not None:
            self.authorised[event.share_class_id] = event.authorised
        for each in event.resized:
            was = self.holdings[each.certificate]
            self.holdings[each.certificate] = was.model_copy(
                update={"shares": each.after, "changed_on": event.effective_on}
            )
        for holding in event.ends:
            del self.holdings[holding.certificate]
        for holding in event.begins:
            self.holdings[holding.certificate] = holding

    def issued(self, share_class_id: str) -> int:
        """How many shares of a class there are."""
        return sum(each.shares for each in self.of_class(share_class_id))

    def of_class(self, share_class_id: str) -> list[Holding]:
        """The holdings of a class, in the order in which they began."""
        return [each for each in self.holdings.values() if each.share_class_id == share_class_id]

    @property
    def held(self) -> dict[str, int]:
        """Investor → how many shares of all classes it holds."""
        shares = Counter[str]()
        for each in self.holdings.values():
            shares[each.investor_id] += each.shares
        return dict(shares)


def on_or_before(day: date | None) -> dict[str, object]:
    """The filter of the events that count at the end of a day; of all, where none is given."""
    return {} if day is None else {"effective_on": {"$lte": day}}
