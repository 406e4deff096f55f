"""What callers see of tariffs."""

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Self

from services.chassis.domain.money import Money
from services.chassis.domain.violations import Violated, refuse_parameters
from services.chassis.http.view import Shown, View
from services.contracts.incubator.tariffs import TariffId, Utility
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.tariffs.tariff import Tariff
from services.incubator.utilities.tariffs.terms import PricedLine, TariffTerms, charges, total_of


class TariffView(View):
    """What water or electricity costs."""

    at: ClassVar[str] = "/v1/incubator/tariffs"

    name: str
    """By which people call it."""
    utility: Utility
    """What it prices."""
    versions: Sequence[TariffTerms]
    """What it says and from when, the first version first: its number is its place, from 1."""

    @classmethod
    def of(cls, tariff: Tariff) -> Self:
        return cls.showing(tariff)


class QuoteView(Shown):
    """What a quantity would cost in a whole month. Part of a month changes no bounds of tiers."""

    tariff_id: TariffId
    """The tariff by which it is priced."""
    tariff_version: int
    """The number of the version by which it is priced."""
    quantity: Quantity
    """For how much water or electricity it is."""
    lines: Sequence[PricedLine]
    """For what it is charged: consumption, standing charge, and what is missing to the minimum."""
    total: Money
    """The sum of the lines."""


def quoted(tariff: Tariff, version: int, quantity: Fraction) -> QuoteView:
    """The quotation of a quantity. Raises Unprocessable: `amount_too_large`."""
    terms = tariff.terms(version)
    try:
        lines = charges(terms, quantity, standing=terms.standing_per_month.amount, minimum=terms.least)
    except Violated as too_large:
        refuse_parameters(too_large.at("quantity"))
        raise
    return QuoteView(
        tariff_id=tariff.id,
        tariff_version=version,
        quantity=Quantity.of(quantity, terms.unit),
        lines=lines,
        total=Money(amount=total_of(lines), currency=terms.currency),
    )
