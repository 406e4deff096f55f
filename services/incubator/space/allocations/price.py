"""The price of an allocation: a line a calendar month, by its days alone, so that what is shown before is charged."""

from collections.abc import Sequence
from typing import NamedTuple

from services.chassis.domain.money import LARGEST, Money
from services.chassis.domain.violations import Violation, refuse
from services.incubator.kernel.period import Days
from services.incubator.kernel.quantity import CURRENCY, Unit, UnitPrice, rounded
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
        Unprocessable: `amount_too_large`, all of it is more than an amount can be.
    """
    found = [MonthPrice(period.text, part, of_days(rate, units, part)) for period, part in days.by_month()]
    if sum(each.amount for each in found) > LARGEST:
        refuse(Violation("amount_too_large", "So many days cost more than an amount can be.", ("ends_on",)))
    return found


def total_of(months: Sequence[MonthPrice]) -> Money:
    """What all of it costs."""
    return Money(amount=sum(each.amount for each in months), currency=CURRENCY)
