"""What callers send of rounds."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.part import Change, Part
from services.chassis.domain.times import Instant
from services.contracts.incubator.startups.rounds import Instrument
from services.contracts.incubator.startups.shares import ShareClassId
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.rounds.terms import (
    Amount,
    ConditionKind,
    DiscountBps,
    Hours,
    Oversubscription,
    RoundName,
    RoundTerms,
)


class DraftRound(Part):
    """A round in which a business seeks money."""

    business_id: BusinessId
    """The business that looks for capital; the caller acts for it."""
    name: RoundName
    """How it is called."""
    instrument: Annotated[Instrument, Field(strict=False)]
    """What investors get for their money."""
    currency: CurrencyCode
    """In which all of it is: that of the business's book."""
    terms: RoundTerms
    """What is sought, and on which terms."""
    conditions: Annotated[list[Annotated[ConditionKind, Field(strict=False)]], Field(max_length=10)] = Field(default=[])
    """What must be so before it closes."""


class ChangeTerms(Part):
    """What is to change of the terms; what is left out stays (RFC 7396)."""

    target: Change[Amount] = None
    """How much must come together."""
    hard_cap: Change[Amount] = None
    """How much it raises at most."""
    min_ticket: Change[Amount] = None
    """How much a pledge is at least."""
    max_per_investor: Amount | None = None
    """How much an investor pledges at most, in all; null for no bound."""
    opens_at: Change[Instant] = None
    """The first moment at which somebody can pledge."""
    deadline: Change[Instant] = None
    """The first moment at which nobody can any more."""
    cancel_before_hours: Change[Hours] = None
    """Until how many hours before the deadline an investor may take its pledge back."""
    oversubscription: Change[Annotated[Oversubscription, Field(strict=False)]] = None
    """What becomes of a pledge for which there is no room."""
    pre_money: Change[Amount] = None
    """What the business is worth before, of priced equity."""
    share_class_id: Change[ShareClassId] = None
    """Which shares are issued at the close, of priced equity."""
    valuation_cap: Amount | None = None
    """The worth by which a convertible becomes shares at most; null for none."""
    discount_bps: DiscountBps | None = None
    """By how much less than others a convertible pays for a share; null for none."""


class ChangeRound(Part):
    """What is to change of a round; what is left out stays (RFC 7396)."""

    name: Change[RoundName] = None
    """How it is called: that binds nobody."""
    terms: Change[ChangeTerms] = None
    """Other terms: who takes part in an open round must stand by them within five working days."""
