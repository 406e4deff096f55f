"""Rating: what a quantity costs under a table of tiers, exact until it is rounded once a line."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Annotated, NamedTuple

from pydantic import Field

from services.chassis.domain.money import Money, PositiveOrZero, apportion
from services.chassis.domain.part import Part
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.incubator.kernel.period import Days, Period
from services.incubator.kernel.quantity import Quantity, UnitPrice, rounded


class RatingMode(StrEnum):
    """How the tiers of a tariff work together."""

    GRADUATED = "graduated"
    """Each tier prices what lies in it."""
    VOLUME = "volume"
    """The tier that the whole quantity lies in prices all of it."""
    PACKAGE = "package"
    """Each tier prices what lies in it by packages, a begun one as a whole."""


class Tier(Part):
    """One tier: above the bound of the one before it, up to and including its own."""

    up_to: Quantity | None
    """Its upper bound, included; null for the last tier, which has none."""
    unit_price: UnitPrice
    """Of each unit in it; in mode `package`, of each package."""
    flat: PositiveOrZero | None = None
    """Charged once where it is entered; the first tier always is. Null for none."""
    package_size: Quantity | None = None
    """How much a package holds; in mode `package` alone."""


def _in_order(tiers: Sequence[Tier], _: Before) -> Iterator[Violation]:
    for place, tier in enumerate(tiers[:-1]):
        if tier.up_to is None:
            yield Violation("invalid_tiers", "Only the last tier has no upper bound.", (place, "up_to"))
    if tiers and tiers[-1].up_to is not None:
        yield Violation("invalid_tiers", "The last tier has no upper bound.", (len(tiers) - 1, "up_to"))
    if tiers and tiers[0].up_to is not None and tiers[0].up_to.exact == 0:
        yield Violation("invalid_tiers", "The first tier begins at 0 and ends above it.", (0, "up_to"))
    for place, (one, other) in enumerate(pairwise(tiers), start=1):
        if one.up_to and other.up_to and other.up_to.exact <= one.up_to.exact:
            yield Violation("invalid_tiers", "A tier ends above the one before it.", (place, "up_to"))


def _of_one_kind(tiers: Sequence[Tier], _: Before) -> Iterator[Violation]:
    for place, tier in enumerate(tiers):
        first = tiers[0].unit_price
        if tier.unit_price.currency != first.currency or (tier.flat and tier.flat.currency != first.currency):
            yield Violation("currency_mismatch", "All tiers are priced in one currency.", (place,))
        units = {tier.unit_price.per, *(each.unit for each in (tier.up_to, tier.package_size) if each)}
        if units != {first.per}:
            yield Violation("unit_mismatch", "All tiers are bounded and priced by one unit.", (place,))
        if tier.package_size and tier.package_size.exact == 0:
            yield Violation("invalid_tiers", "A package holds something.", (place, "package_size"))


Tiers = Annotated[
    list[Tier],
    Field(min_length=1, max_length=20),
    cross_rule(_in_order, "invalid_tiers"),
    cross_rule(_of_one_kind, "currency_mismatch", "unit_mismatch", "invalid_tiers"),
]
"""The tiers of a tariff, from 0 upwards."""


class RatedTier(NamedTuple):
    """What a tier adds to the price: the quantity in it, and exact minor units."""

    quantity: Fraction
    amount: Fraction


def rate(mode: RatingMode, tiers: Sequence[Tier], quantity: Fraction) -> list[RatedTier]:
    """What each entered tier adds to the price of a quantity, in exact minor units; not rounded yet."""
    if mode is RatingMode.VOLUME:
        tier = next(each for each in tiers if each.up_to is None or quantity <= each.up_to.exact)
        return [RatedTier(quantity, _flat(tier) + quantity * tier.unit_price.exact)]
    return [
        RatedTier(inside, _flat(tier) + _units(mode, tier, inside) * tier.unit_price.exact)
        for tier, inside in _entered(tiers, quantity)
    ]


def price_of(mode: RatingMode, tiers: Sequence[Tier], quantity: Fraction) -> Money:
    """The price of a quantity, rounded once."""
    total = sum((each.amount for each in rate(mode, tiers, quantity)), Fraction())
    return Money(amount=rounded(total), currency=tiers[0].unit_price.currency)


def of_month(amount: Fraction, days: Days) -> int:
    """What some days of one calendar month cost, of an amount for all of it: whole minor units, by the days.

    It depends on these days alone. Each costs what rounding leaves between it and the days before it, so that the
    parts of a month sum to the rounded amount, however it is cut; none is a minor unit or more from its exact part.

    Args:
        amount: of the whole month, in minor units.
    """
    length = Period.of(f"{days.first:%Y-%m}").days.number
    return rounded(amount * days.last.day / length) - rounded(amount * (days.first.day - 1) / length)


def prorated(amount: int, days: dict[str, int], *, of: int) -> dict[str, int]:
    """What each holder pays of an amount for a whole month, by the days that it held; together never more than all.

    Args:
        amount: minor units.
        days: holder → days held, each day held by one of them at most.
        of: the days of the calendar month.
    """
    unheld = of - sum(days.values())
    parts = apportion(amount, {**days, "~nobody": unheld})
    del parts["~nobody"]
    return parts


def _entered(tiers: Sequence[Tier], quantity: Fraction) -> Iterator[tuple[Tier, Fraction]]:
    below = Fraction()
    for place, tier in enumerate(tiers):
        if place and quantity <= below:
            return
        upper = quantity if tier.up_to is None else min(quantity, tier.up_to.exact)
        yield tier, upper - below
        below = upper if tier.up_to is None else tier.up_to.exact


def _flat(tier: Tier) -> int:
    return tier.flat.amount if tier.flat else 0


def _units(mode: RatingMode, tier: Tier, inside: Fraction) -> Fraction | int:
    if mode is RatingMode.PACKAGE and tier.package_size:
        return ceil(inside / tier.package_size.exact)
    return inside
