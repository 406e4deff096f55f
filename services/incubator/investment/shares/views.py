"""What callers see of share classes, cap tables and cap events."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from services.chassis.domain.money import CurrencyCode, Money, apportion
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, View
from services.contracts.incubator.startups.shares import InvestorId, ShareClassId
from services.contracts.registry.businesses import BusinessId
from services.incubator.investment.investors.investor import Investor, InvestorKind
from services.incubator.investment.shares.cap_event import (
    CapEvent,
    CapEventType,
    CashInLieu,
    Holding,
    Resized,
    Standing,
)
from services.incubator.investment.shares.cap_table import CapTable
from services.incubator.investment.shares.share_class import ShareClass, ShareClassType

WHOLE = 10_000
"""All of a business, in basis points."""


class ShareClassView(View):
    """Shares with the same rights."""

    at: ClassVar[str] = "/v1/incubator/share-classes"

    business_id: BusinessId
    """Of which business."""
    name: str
    """How they are called."""
    class_type: ShareClassType
    """What kind of shares."""
    id_prefix: str
    """With what the numbers of their certificates begin."""
    votes_per_share: int
    """How many votes one of them has."""
    par_value: Money | None
    """What one of them stands for in the registered capital; null of shares without a par value."""
    seniority: int
    """Who is paid first as the business ends: the higher number."""
    authorised: int
    """How many may be issued."""
    issued: int
    """How many are."""

    @classmethod
    def of(cls, share_class: ShareClass) -> Self:
        par = share_class.par_value
        money = None if par is None else Money(amount=par, currency=share_class.currency)
        return cls.showing(share_class, par_value=money)


class CapEventView(Shown):
    """What became of shares on a day."""

    id: str
    """Its id, for life."""
    seq: int
    """1, 2, 3 and so on within its business; of two events of a day it says which came first."""
    type: CapEventType
    """What became of shares."""
    share_class_id: ShareClassId
    """Of which class."""
    effective_on: Day
    """Since which day it counts."""
    recorded_at: Instant
    """When it was entered."""
    shares: int
    """How many it concerns; of a split, how many there were."""
    cancelled: int
    """How many it ended."""
    ends: list[Holding]
    """The holdings that are no more."""
    begins: list[Holding]
    """The holdings that are new."""
    resized: list[Resized]
    """What a split made of holdings."""
    cash_in_lieu: list[CashInLieu]
    """What is paid for the fractions that a split left over."""
    numerator: int | None
    """How many new shares a split gives for `denominator` old ones; null of every other event."""
    denominator: int | None
    """For how many old ones; null of every other event."""
    authorised: int | None
    """How many shares may be issued from now on; null where that stays."""
    paid: int | None
    """What was paid for them, in minor units of `currency`; null where nothing is."""
    currency: CurrencyCode
    """In which it is paid (ISO 4217)."""
    reason: str | None
    """Why shares were cancelled; null of every other event."""

    @classmethod
    def of(cls, event: CapEvent) -> Self:
        return cls.showing(event)


class ClassLine(Shown):
    """One class in a cap table."""

    share_class_id: ShareClassId
    """The class of shares that is added up."""
    name: str
    """How its shares are called."""
    authorised: int
    """How many may be issued."""
    issued: int
    """How many are."""


class OwnerLine(Shown):
    """One owner in a cap table."""

    investor_id: InvestorId
    """The investor who holds the shares."""
    name: str | None
    """How it is called; null once erased."""
    kind: InvestorKind
    """Whether a person, a fund or the zone's own fund holds them."""
    shares: int
    """How many shares of all classes it holds."""
    ownership_bps: int
    """Its part of all shares in basis points, so rounded that all parts sum to 10,000: the shares are the truth."""


class CapTableView(View):
    """Who holds which shares of a business."""

    business_id: BusinessId
    """Of which business."""
    as_of: Day | None
    """The day at whose end it is shown; null as it stands now."""
    classes: list[ClassLine]
    """Its share classes, in the order in which they came."""
    holdings: list[Holding]
    """What is held under which certificate, in the order in which it began."""
    owners: list[OwnerLine]
    """Who owns how much, in the order in which they came."""

    @classmethod
    def of(
        cls,
        table: CapTable,
        standing: Standing,
        as_of: date | None,
        classes: Mapping[str, ShareClass],
        investors: Mapping[str, Investor],
    ) -> Self:
        held = standing.held
        parts = apportion(WHOLE, held) if held else {}
        return cls.showing(
            table,
            as_of=as_of,
            classes=[
                ClassLine(
                    share_class_id=each, name=classes[each].name, authorised=authorised, issued=standing.issued(each)
                )
                for each, authorised in standing.authorised.items()
            ],
            holdings=list(standing.holdings.values()),
            owners=[
                OwnerLine(
                    investor_id=each,
                    name=investors[each].name,
                    kind=investors[each].kind,
                    shares=shares,
                    ownership_bps=parts[each],
                )
                for each, shares in held.items()
            ],
        )
