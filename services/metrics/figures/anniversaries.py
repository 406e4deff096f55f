"""The same day in another month or year, and how many years lie between two days."""

from datetime import date
from fractions import Fraction

from dateutil.relativedelta import relativedelta


def months_on(day: date, months: int) -> date:
    """The same day that many months on, or back where they are negative; the last of a month that is too short.

    A year before 29 February is 28 February. Before the calendar begins it is its first day, after its end its last.
    """
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError):
        return date.min if months < 0 else date.max


def years_between(first: date, last: date) -> Fraction:
    """How many years lie between two days: whole ones, and of one that is not over the days that are."""
    whole = last.year - first.year
    if months_on(first, 12 * whole) > last:
        whole -= 1
    begun = months_on(first, 12 * whole)
    days = (months_on(first, 12 * (whole + 1)) - begun).days
    return whole + Fraction((last - begun).days, days) if days else Fraction(whole)
