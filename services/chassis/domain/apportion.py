"""The largest remainder method (Hare-Niemeyer): divide a whole amount in proportion, so that the parts sum to it."""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K", str, int)


def apportion(total: int, weights: Mapping[K, int]) -> dict[K, int]:
    """Divide a total among shares by their weights; each part is at most 1 away from its exact proportion.

    Args:
        total: whole units, such as fen or the last digit of a register; a negative one is divided as the positive.
        weights: share → its weight, 0 or more; where all are 0, they count as equal.

    Returns:
        Share → its part, in the order of `weights`; the parts sum to the total. What is left over after rounding
        towards zero goes by one unit to the largest remainders; among equal ones, to the smallest key.

    Raises:
        ValueError: there are no shares to divide among, or a weight is negative.
    """
    if not weights:
        raise ValueError("there is nothing to divide a total among")
    if min(weights.values()) < 0:
        raise ValueError("a weight is not negative")
    if total < 0:
        return {key: -part for key, part in apportion(-total, weights).items()}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
