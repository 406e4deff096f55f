"""The terms of a tariff in one version: tiers, a standing charge and a minimum; and what a quantity costs by them."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import LARGEST, Money, PositiveOrZero
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violated, Violation, cross_rule
from services.incubator.kernel.quantity import Quantity, Unit, UnitPrice, rounded
from services.incubator.kernel.rating import RatingMode, Tier, Tiers, rate


def _as_the_mode_wants(tiers: Sequence[Tier], before: Before) -> Iterator[Violation]:
    by_package = before.get("mode") is RatingMode.PACKAGE
    for place, tier in enumerate(tiers) if "mode" in before else ():
        if by_package != (tier.package_size is not None):
            wanted = "In mode package each tier says" if by_package else "In this mode no tier says"
            yield Violation("invalid_tiers", f"{wanted} how much a package holds.", (place, "package_size"))


def _in_the_tiers_currency(money: Money | None, before: Before) -> Iterator[Violation]:
    if money and before.get("tiers") and money.currency != before["tiers"][0].unit_price.currency:
        yield Violation("currency_mismatch", "All of a tariff is in one currency.")


SameCurrency = cross_rule(_in_the_tiers_currency, "currency_mismatch")


class TariffTerms(Part):
    """What a tariff says from a day on."""

    effective_from: Day
    """The first day on which it holds: the first of a month."""
    mode: Annotated[RatingMode, Field(strict=False)]
    """How its tiers work together."""
    tiers: Annotated[Tiers, cross_rule(_as_the_mode_wants, "invalid_tiers")]
    """Its tiers, from 0 upwards. Part of a month does not change their bounds."""
    standing_per_month: Annotated[PositiveOrZero, SameCurrency]
    """Charged for being connected, whatever is consumed; by days for part of a month."""
    minimum: Annotated[PositiveOrZero | None, SameCurrency] = None
    """What a month costs at least; by days for part of a month. Null for none."""

    @property
    def currency(self) -> str:
        """In which everything in it is priced."""
        return self.tiers[0].unit_price.currency

    @property
    def unit(self) -> Unit:
        """By which it prices."""
        return self.tiers[0].unit_price.per

    @property
    def least(self) -> int:
        """What a month costs at least, in minor units."""
        return self.minimum.amount if self.minimum else 0


class LineKind(StrEnum):
    """For what a line is charged."""

    CONSUMPTION = "consumption"
    STANDING = "standing"
    MINIMUM = "minimum"
    """What is missing to the minimum."""


class TierCharge(Part):
    """How much of a quantity a tier prices, and how."""

    quantity: Quantity
    """What lies in it."""
    unit_price: UnitPrice
    """Of each unit; in mode `package`, of each package."""
    flat: Money | None
    """Charged once; null for none."""


class PricedLine(Part):
    """One line of what something costs; its amount is rounded once."""

    kind: Annotated[LineKind, Field(strict=False)]
    """Which part of the price it is: consumption, the standing charge, or what a minimum adds."""
    quantity: Quantity | None
    """How much; null where it is charged for time."""
    tiers: list[TierCharge]
    """The tiers that price the quantity; empty where none does."""
    amount: Money
    """What it costs."""


def charges(terms: TariffTerms, quantity: Fraction, *, standing: int, minimum: int) -> list[PricedLine]:
    """What a quantity and the time it was held cost: consumption, standing charge, and what is missing to the minimum.

    Args:
        quantity: in the tariff's unit, at most six decimals.
        standing, minimum: of the days that are charged, in minor units.

    Raises:
        Violated: `amount_too_large`, together they are more than an amount can be.
    """
    consumed = rounded(sum((each.amount for each in rate(terms.mode, terms.tiers, quantity)), Fraction()))
    missing = max(minimum - consumed - standing, 0)
    if consumed + standing + missing > LARGEST:
        raise Violated("amount_too_large", "So much costs more than an amount can be.")
    found = [_charge(terms, LineKind.CONSUMPTION, consumed, quantity)]
    if standing:
        found.append(_charge(terms, LineKind.STANDING, standing))
    if missing:
        found.append(_charge(terms, LineKind.MINIMUM, missing))
    return found


def total_of(charges: Sequence[PricedLine]) -> int:
    """The sum of lines, in minor units."""
    return sum(each.amount.amount for each in charges)


def _charge(terms: TariffTerms, kind: LineKind, amount: int, quantity: Fraction | None = None) -> PricedLine:
    return PricedLine(
        kind=kind,
        quantity=None if quantity is None else Quantity.of(quantity, terms.unit),
        tiers=[] if quantity is None else list(_tier_charges(terms, quantity)),
        amount=Money(amount=amount, currency=terms.currency),
    )


def _tier_charges(terms: TariffTerms, quantity: Fraction) -> Iterator[TierCharge]:
    tiers = terms.tiers
    if terms.mode is RatingMode.VOLUME:
        tiers = [next(each for each in tiers if each.up_to is None or quantity <= each.up_to.exact)]
    for tier, rated in zip(tiers, rate(terms.mode, terms.tiers, quantity), strict=False):
        inside = Quantity.of(rated.quantity, terms.unit)
        yield TierCharge(quantity=inside, unit_price=tier.unit_price, flat=tier.flat)
