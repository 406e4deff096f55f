"""What callers send of share classes and shares."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from services.chassis.domain.money import Money, PositiveOrZero
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule, rule
from services.contracts.incubator.startups.shares import InvestorId, ShareClassId
from services.incubator.finance.period import Entered
from services.incubator.investment.shares.share_class import ShareClassType
from services.incubator.kernel.quantity import CURRENCY

Shares = Annotated[int, Field(ge=1, le=10**12)]
Authorised = Annotated[int, Field(ge=1, le=10**12)]
Ratio = Annotated[int, Field(ge=1, le=1_000_000)]
Certificate = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}-[1-9][0-9]{0,6}$")]
IdPrefix = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
Title = Annotated[str, Text(at_most=100)]
Reason = Annotated[str, Text(at_most=200)]
EffectiveDay = Annotated[Day, Entered]


def _in_currency(money: Money | None) -> bool:
    return money is None or money.currency == CURRENCY


InCurrency = rule(
    _in_currency,
    "currency_mismatch",
    "Shares are priced in the currency of the business's book.",
)
Paid = Annotated[PositiveOrZero, InCurrency]


class CreateShareClass(Part):
    """Shares with the same rights, of which none is issued yet."""

    name: Title
    """How they are called."""
    class_type: Annotated[ShareClassType, Field(strict=False)]
    """What kind of shares."""
    id_prefix: IdPrefix
    """With what the numbers of their certificates begin; once in a business."""
    votes_per_share: Annotated[int, Field(ge=0, le=1000)] = 1
    """How many votes one of them has."""
    par_value: Annotated[PositiveOrZero | None, InCurrency] = None
    """What one of them stands for in the registered capital; null of shares without a par value."""
    seniority: Annotated[int, Field(ge=1, le=100)] = 1
    """Who is paid first as the business ends: the higher number."""
    authorised: Authorised
    """How many may be issued."""
    effective_on: EffectiveDay
    """Since which day."""


class ChangeAuthorised(Part):
    """Another number of shares that may be issued."""

    share_class_id: ShareClassId
    """Of which class."""
    authorised: Authorised
    """How many in all; never fewer than are issued."""
    effective_on: EffectiveDay
    """Since which day."""


class IssueShares(Part):
    """New shares for an investor."""

    share_class_id: ShareClassId
    """Of which class."""
    investor_id: InvestorId
    """Who gets them."""
    shares: Shares
    """How many shares are issued; whole ones."""
    paid: Paid
    """What was paid for all of them; 0 for nothing."""
    effective_on: EffectiveDay
    """Since which day."""


class TransferShares(Part):
    """Shares that go to another investor."""

    certificate: Certificate
    """The certificate of the holding that they are taken from: it is used up."""
    shares: Shares
    """How many go."""
    to_investor_id: InvestorId
    """Who gets them."""
    cancel_rest: bool = False
    """Whether what is left of the holding is cancelled; else it is a holding of its own."""
    effective_on: EffectiveDay
    """Since which day."""


class CancelShares(Part):
    """Shares that are no more."""

    certificate: Certificate
    """The certificate of the holding that they are taken from: it is used up."""
    shares: Shares
    """How many; what is left is a holding of its own."""
    reason: Reason
    """Why they are cancelled, as the record of the company keeps it."""
    effective_on: EffectiveDay
    """Since which day."""


class RepurchaseShares(Part):
    """Shares that the business buys back, and that are no more."""

    certificate: Certificate
    """The certificate of the holding that they are taken from: it is used up."""
    shares: Shares
    """How many; what is left is a holding of its own."""
    paid: Paid
    """What the business pays for all of them."""
    effective_on: EffectiveDay
    """Since which day."""


def _another_number(denominator: int, before: Before) -> Iterator[Violation]:
    if before.get("numerator") == denominator:
        yield Violation("split_ratio", "A split gives another number of shares than there were.")


class SplitShares(Part):
    """All shares of a class, each holding in the same ratio."""

    share_class_id: ShareClassId
    """Of which class."""
    numerator: Ratio
    """How many new shares there are for `denominator` old ones."""
    denominator: Annotated[Ratio, cross_rule(_another_number, "split_ratio")]
    """… for so many old ones."""
    price_per_share: Paid
    """What a whole new share is worth, for the fractions that are paid; 0 pays nothing."""
    authorised_to: Authorised | None = None
    """How many may be issued from now on; null where that stays."""
    effective_on: EffectiveDay
    """Since which day."""
