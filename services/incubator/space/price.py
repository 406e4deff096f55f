"""The price of paid space: a pure function of the resource's rate and the time, so that what is shown is charged."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from services.chassis.domain.money import Money
from services.incubator.booking.resource import Resource
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.local_time import earliest, local_days
from services.incubator.kernel.quantity import CURRENCY, Unit, affordable, rounded

MINUTES: Final = {Unit.MINUTE: 1, Unit.HOUR: 60}


def price_of(resources: Sequence[Resource], time: Interval) -> Money:
    """What a booking of one unit of each costs, each rounded once.

    Raises:
        Violated: `amount_too_large`.
    """
    return Money(amount=affordable(sum(rounded(_exact(each, time)) for each in resources)), currency=CURRENCY)


def _exact(resource: Resource, time: Interval) -> Fraction:
    """In fen, of one unit; on no local day more than its cap."""
    if resource.rate is None:
        return Fraction()
    cap = resource.price_cap_per_day
    days = [_of_a_day(resource, piece) for piece in by_local_day(time, ZoneInfo(resource.time_zone))]
    return sum((min(each, Fraction(cap.amount)) if cap else each for each in days), Fraction())


def _of_a_day(resource: Resource, piece: Interval) -> Fraction:
    assert resource.rate is not None
    minutes = MINUTES.get(resource.rate.per)
    return resource.rate.exact if minutes is None else resource.rate.exact * Fraction(piece.minutes, minutes)


def by_local_day(time: Interval, zone: ZoneInfo) -> list[Interval]:
    """A time cut at the midnights of a place."""
    pieces = []
    for day in local_days(time.start, time.end, zone):
        start, end = earliest(day, 0, zone), earliest(day + timedelta(days=1), 0, zone)
        pieces.append(Interval(max(time.start, start), min(time.end, end)))
    return pieces
