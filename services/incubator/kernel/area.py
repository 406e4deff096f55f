"""Floor areas: square metres with at most two decimals, kept as whole hundredths so that they add up exactly."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from services.chassis.domain.violations import rule


def _has_two_decimals(area: float) -> bool:
    return Decimal(repr(area)).normalize().as_tuple().exponent >= -2  # type: ignore[operator]  # finite, so a number


SquareMetres = Annotated[
    float,
    Field(gt=0, le=10_000_000, allow_inf_nan=False),
    rule(_has_two_decimals, "area_invalid", "An area has at most two decimals."),
]
"""A floor area in m²."""


def hundredths(area: float) -> int:
    """An area as whole hundredths of a square metre."""
    return round(area * 100)


def square_metres(hundredths: int) -> float:
    """An area of whole hundredths, in square metres."""
    return hundredths / 100
