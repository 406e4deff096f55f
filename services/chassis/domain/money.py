"""Money on the wire: integer minor units and an ISO 4217 currency; never a float, never a string. And its division."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses

K = TypeVar("K", str, int)

LARGEST = 2**53 - 1
"""The largest amount that every JSON reader takes exactly (RFC 8259 §6)."""

NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
TWO_DIGITS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD
    KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO
    NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"""
DIGITS = {
    currency: digits
    for digits, currencies in ((0, NO_MINOR_UNIT), (2, TWO_DIGITS), (3, THREE_DIGITS))
    for currency in currencies.split()
}
"""Every active currency of ISO 4217 with its decimals: 2 for CNY, 0 for JPY, 3 for KWD."""


def _amount(value: Any) -> int:
    # MongoDB's driver reads a 64-bit integer as a subclass of int.
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST:
        raise PydanticCustomError("money_invalid", "an amount is a whole number of minor units, at most 2^53-1")
    return int(value)


def _currency(value: Any) -> str:
    if not isinstance(value, str) or value not in DIGITS:
        raise PydanticCustomError("money_invalid", "a currency is an active ISO 4217 code such as CNY")
    return value


CurrencyCode = Annotated[
    str,
    BeforeValidator(_currency),
    Refuses("money_invalid"),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"}),
]
"""An active code of ISO 4217, such as `CNY`."""


MinorUnits = Annotated[
    int,
    BeforeValidator(_amount),
    Refuses("money_invalid"),
    WithJsonSchema({"type": "integer", "minimum": -LARGEST, "maximum": LARGEST}),
]
"""An amount alone, where the currency is that of the whole it stands in."""


class Money(BaseModel):
    """An amount of one currency, in its minor units: 8.1 bn yuan is `{"amount": 810000000000, "currency": "CNY"}`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    amount: MinorUnits
    """Whole minor units: fen of a yuan; a currency without such has its own."""
    currency: CurrencyCode
    """An active code of ISO 4217, such as `CNY`."""


def _not_negative(money: Money) -> Money:
    if money.amount < 0:
        raise PydanticCustomError("money_invalid", "this amount cannot be negative")
    return money


PositiveOrZero = Annotated[Money, AfterValidator(_not_negative), Refuses("money_invalid")]
"""Money that cannot be negative: a valuation, a revenue, a capital."""


def apportion(total: int, weights: Mapping[K, int]) -> dict[K, int]:
    """The largest remainder method (Hare-Niemeyer): divide a total among shares by their weights.

    Each part is at most 1 away from its exact proportion.

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
