"""Rates of growth, exactly: fractions where they are rational, decimals of sixty digits where a root is taken.

What is shown is rounded once, half up and away from zero. A root is known to `EXACT` places beyond the last shown one,
so that what is exactly a half rounds as one.
"""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

from services.chassis.domain.money import LARGEST
from services.metrics.figures.kpi import RATIO_DECIMALS

DIGITS: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
EXACT: Final = 20
BEYOND: Final = Decimal(10) ** 30
"""From here on nothing is shown, so nothing is rounded."""

Number = Fraction | Decimal


def decimal(number: Number | int) -> Decimal:
    """The same number as a decimal of sixty digits."""
    if isinstance(number, Fraction):
        return DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Decimal(number)


def power(base: Fraction, exponent: Fraction) -> Decimal:
    """A positive number, or 0, raised to a positive exponent."""
    return DIGITS.power(decimal(base), decimal(exponent)) if base else Decimal(0)


def yearly_growth(value: int, base: int, years: Fraction) -> Decimal:
    """The compound annual growth rate: `(value / base)^(1 / years) - 1`.

    What had the other sign, or is nothing any more, has lost everything: -1.

    Raises:
        ValueError: the base is 0, or no time has passed.
    """
    if base == 0 or years <= 0:
        raise ValueError("growth is from something, over some time")
    factor = Fraction(value, base)
    return DIGITS.subtract(power(factor, 1 / years), Decimal(1)) if factor > 0 else Decimal(-1)


def quotient(above: Number, below: Number) -> Number:
    """One rate by another."""
    if isinstance(above, Fraction) and isinstance(below, Fraction):
        return above / below
    return DIGITS.divide(decimal(above), decimal(below))


def settled(number: Number | int) -> Decimal:
    """The number to `EXACT` places: equal to what it is a root of, where that is rational."""
    found = decimal(number)
    return found if abs(found) >= BEYOND else DIGITS.quantize(found, Decimal(1).scaleb(-EXACT))


def rounded(number: Number | int, decimals: int = 0) -> int | None:
    """The number times 10^decimals as it is shown: half up, away from zero; None beyond what JSON takes exactly.

    The largest whole number that every JSON reader takes is 2^53 - 1 (RFC 8259 §6).
    """
    shifted = DIGITS.scaleb(decimal(number), decimals)
    if abs(shifted) > LARGEST:
        return None
    return int(settled(shifted).to_integral_value(rounding=ROUND_HALF_UP))


def shown_ratio(number: Number | None) -> int | None:
    """A ratio with its four decimals; None where there is none."""
    return None if number is None else rounded(number, RATIO_DECIMALS)


def in_units(value: int | None, decimals: int) -> Decimal | None:
    """What is shown / 10^decimals as people write it: fen in yuan, a ratio of four decimals as a number."""
    return None if value is None else Decimal(value).scaleb(-decimals)
