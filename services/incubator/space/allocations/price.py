"""The price of an allocation: a line a calendar month, by its days alone, so that what is shown before is charged."""

from collections.abc import Sequence
from typing import NamedTuple

from services.chassis.domain.money import Money
from services.chassis.domain.violations import Violated, refusal
from services.incubator.kernel.period import Days
from services.incubator.kernel.quantity import CURRENCY, Unit, UnitPrice, affordable, rounded
from services.incubator.kernel.rating import of_month


class MonthPrice(NamedTuple):
    """What the days of an allocation in one calendar month cost, in minor units without tax."""

    period: str
    days: Days
    amount: int


def of_days(rate: UnitPrice | None, units: int, days: Days) -> int:
    """What some days of one calendar month cost of so many units, in minor units.

    A month's price goes by days (G-U1); who has the other days of it does not matter.
    """
    if rate is None:
        return 0
    if rate.per is Unit.DAY:
        return rounded(rate.exact * days.number) * units
    return of_month(rate.exact, days) * units


def by_month(rate: UnitPrice | None, units: int, days: Days) -> list[MonthPrice]:
    """What an allocation costs, month by month.

    Raises:
        Unprocessable: `amount_too_large`.
    """
    found = [MonthPrice(period.text, part, of_days(rate, units, part)) for period, part in days.by_month()]
    try:
        affordable(sum(each.amount for each in found))
    except Violated as too_dear:
        raise refusal(too_dear.at("ends_on")) from too_dear
    return found


def total_of(months: Sequence[MonthPrice]) -> Money:
    """What all of it costs."""
    return Money(amount=sum(each.amount for each in months), currency=CURRENCY)
