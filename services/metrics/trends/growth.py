"""Growth: a period beside the one before, the same of the year before, and an earlier one; like with like."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.metrics.figures.anniversaries import months_on, years_between
from services.metrics.figures.periods import DAY, Period
from services.metrics.figures.rates import yearly_growth


def period_before(period: Period) -> Period | None:
    """The one before, of the calendar: before July comes June, not 31 days earlier. None before the calendar begins."""
    return None if period.first == date.min else Period.around(period.first - DAY, period.granularity)


def year_before(period: Period) -> Period | None:
    """The same a year before; of 29 February that is 28 February. None before the calendar begins."""
    if period.first.year == date.min.year:
        return None
    return Period.around(months_on(period.first, -12), period.granularity)


def is_complete(period: Period, today: date) -> bool:
    """Whether it is over."""
    return period.end <= today


def last_compared(other: Period, period: Period, today: date, *, to_date: bool) -> date:
    """The day to whose end another period is compared: its last, or the one when as many of its days had passed."""
    last = other.end - DAY
    if not to_date or is_complete(period, today):
        return last
    return min(last, max(other.first, other.first + (today - period.first)))


def growth(value: int | None, base: int | None) -> Fraction | None:
    """By how much a value has grown over another: (v - b) / |b|. None where either is missing, or it was 0."""
    if value is None or not base:
        return None
    return Fraction(value - base, abs(base))


def growth_a_year(value: int | None, base: int | None, years: Fraction) -> Decimal | None:
    """Compound growth a year; None where either is missing, and from 0, to 0 or through 0."""
    if value is None or base is None or value * base <= 0:
        return None
    return yearly_growth(value, base, years)


def years_from(base: Period, period: Period) -> Fraction:
    """How many years lie between two periods of one length: whole months of them, or days."""
    if period.granularity == "day":
        return years_between(base.first, period.first)
    return Fraction(12 * (period.first.year - base.first.year) + period.first.month - base.first.month, 12)
