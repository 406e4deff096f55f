"""Quantities and unit prices: decimal strings on the wire, exact rationals in between, whole minor units at the end."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints

from services.chassis.domain.money import DIGITS, LARGEST, CurrencyCode, Money
from services.chassis.domain.part import Part
from services.chassis.domain.violations import Violated

CURRENCY: Final = "CNY"
"""Of every book that the zone opens, and so of every price."""


class Unit(StrEnum):
    """In what something is measured or priced."""

    KILOWATT_HOUR = "kWh"
    CUBIC_METRE = "m3"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


InUnit = Annotated[Unit, Field(strict=False)]
DecimalText = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$")]
"""A decimal number of at most 12 digits before the point and 6 behind it, never negative."""


class Quantity(Part):
    """How much of something: `{"value": "12.345", "unit": "m3"}`."""

    value: DecimalText
    """A decimal number, as text so that no reader rounds it."""
    unit: InUnit
    """The unit in which the value is counted, such as `m3` of water or `kWh` of electricity."""

    @classmethod
    def of(cls, value: Fraction | int, unit: Unit) -> Self:
        """The quantity of a number that has at most six decimals."""
        return cls(value=decimal_text(Fraction(value)), unit=unit)

    @property
    def exact(self) -> Fraction:
        return Fraction(self.value)


class UnitPrice(Part):
    """A price of one unit, in major units: `{"price": "0.4983", "currency": "CNY", "per": "kWh"}`."""

    price: DecimalText
    """In major units (yuan, not fen), as text so that no reader rounds it."""
    currency: CurrencyCode
    """An active code of ISO 4217."""
    per: InUnit
    """Of what it is the price."""

    @property
    def exact(self) -> Fraction:
        """In minor units of its currency, which need not be whole."""
        return Fraction(self.price) * int(10 ** DIGITS[self.currency])

    def of(self, quantity: Fraction | int) -> Money:
        """The price of so many units, rounded once.

        Raises:
            Violated: `amount_too_large`.
        """
        return Money(amount=affordable(rounded(self.exact * quantity)), currency=self.currency)


MOST_PRICE: Final = LARGEST // 1000
"""Of one thing, in minor units: a thousand of them together are still an amount."""


def affordable(amount: int) -> int:
    """The same price, where one thing may cost it.

    Raises:
        Violated: `amount_too_large`.
    """
    if amount > MOST_PRICE:
        raise Violated("amount_too_large", "This costs more than an amount can be.")
    return amount


def rounded(amount: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    whole = floor(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def decimal_text(value: Fraction) -> str:
    """A number as its shortest decimal text.

    Raises:
        ValueError: it has no decimal text of at most six decimals.
    """
    millionths = value * 10**6
    if millionths.denominator != 1:
        raise ValueError("a decimal text has at most six decimals")
    text = f"{Decimal(millionths.numerator).scaleb(-6):f}"
    return text.rstrip("0").rstrip(".")
