"""Forecast: how a figure would go on if it went on as it did. It is arithmetic on the past, and knows nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from services.metrics.figures.rates import DIGITS, Number, decimal, power

FEWEST: Final = 4
"""Points without which nothing is forecast."""
BAND: Final = 2
"""Standard errors of the residuals to either side: some 95 of a hundred points lie within, were they normal."""


class ForecastMethod(StrEnum):
    """How the past is drawn on."""

    LEAST_SQUARES = "least_squares"
    CAGR = "cagr"


@dataclass(frozen=True)
class Forecast:
    """What follows from some points.

    Attributes:
        points: of each period to come its value, and the band around it.
        residual_error: the standard error of the residuals, with two degrees of freedom less than there are points.
    """

    points: list[tuple[Number, Number, Number]]
    residual_error: Decimal


def recent(values: Sequence[int | None]) -> list[int]:
    """Those at the end between which none is missing."""
    found: list[int] = []
    for value in reversed(values):
        if value is None:
            break
        found.insert(0, value)
    return found


def can_be_compounded(values: Sequence[int]) -> bool:
    """Whether a rate of growth leads from the first to the last: from 0, to 0 or through 0 none does."""
    return values[0] * values[-1] > 0


def forecast(values: Sequence[int], ahead: int, method: ForecastMethod) -> Forecast:
    """The next `ahead` values after at least `FEWEST`, one a period each.

    Raises:
        ValueError: too few, or such that no rate leads from the first to the last.
    """
    if len(values) < FEWEST or (method is ForecastMethod.CAGR and not can_be_compounded(values)):
        raise ValueError("nothing follows from these points")
    line = _compound(values, ahead) if method is ForecastMethod.CAGR else _straight(values, ahead)
    error = _residual_error(values, line)
    margin = DIGITS.multiply(Decimal(BAND), error)
    found = [
        (each, DIGITS.subtract(decimal(each), margin), DIGITS.add(decimal(each), margin))
        for each in line[len(values) :]
    ]
    return Forecast([(value, low, high) for value, low, high in found], error)


def _straight(values: Sequence[int], ahead: int) -> list[Number]:
    """The line of least squares through the points, and beyond."""
    count = len(values)
    middle, mean = Fraction(count - 1, 2), Fraction(sum(values), count)
    places = [place - middle for place in range(count)]
    above = sum((place * (value - mean) for place, value in zip(places, values, strict=True)), Fraction(0))
    slope = above / sum((place * place for place in places), Fraction(0))
    return [mean + slope * (place - middle) for place in range(count + ahead)]


def _compound(values: Sequence[int], ahead: int) -> list[Number]:
    """The curve of one rate of growth from the first point to the last, and beyond."""
    first, steps = values[0], len(values) - 1
    growth = Fraction(values[-1], first)
    return [
        DIGITS.multiply(Decimal(first), power(growth, Fraction(place, steps)) if place else Decimal(1))
        for place in range(len(values) + ahead)
    ]


def _residual_error(values: Sequence[int], line: Sequence[Number]) -> Decimal:
    residuals = [DIGITS.subtract(Decimal(value), decimal(fitted)) for value, fitted in zip(values, line, strict=False)]
    total = Decimal(0)
    for each in residuals:
        total = DIGITS.add(total, DIGITS.multiply(each, each))
    return DIGITS.sqrt(DIGITS.divide(total, Decimal(len(values) - 2)))
