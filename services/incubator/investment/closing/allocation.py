"""How a close divides a round: money among commitments, and shares for money."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from services.chassis.domain.money import apportion
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.kernel.quantity import rounded


def allocate(hard_cap: int, taken: Sequence[Commitment]) -> list[int]:
    """What each commitment that was taken gets, in their order: all of it, or its part of exactly the cap.

    What is left over after rounding goes to the largest remainders; among equal ones to the earliest pledge.
    """
    if sum(each.amount for each in taken) <= hard_cap:
        return [each.amount for each in taken]
    order = sorted(range(len(taken)), key=lambda place: (taken[place].pledged_at, taken[place].id))
    parts = apportion(hard_cap, {rank: taken[place].amount for rank, place in enumerate(order)})
    rank_of = {place: rank for rank, place in enumerate(order)}
    return [parts[rank_of[place]] for place in range(len(taken))]


def shares_for(money: int, price: Fraction) -> tuple[int, int]:
    """How many whole shares an amount buys, and what they cost: never more than the amount."""
    shares = floor(money / price)
    return shares, rounded(shares * price)


def conversion_price(price: Fraction, before: int, valuation_cap: int | None, discount_bps: int | None) -> Fraction:
    """What a convertible pays for a share: the lower of the price by its cap and the discounted one.

    Args:
        price: of the round that converts it.
        before: how many shares there were.
    """
    prices = [price * Fraction(10_000 - (discount_bps or 0), 10_000)]
    if valuation_cap is not None:
        prices.append(Fraction(valuation_cap, before))
    return min(prices)
