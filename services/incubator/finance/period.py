"""An accounting period: a calendar month, `2026-03`."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import StringConstraints

from services.chassis.domain.violations import Violation, at_path, date_rule, in_years, refuse
from services.incubator.kernel.period import Period

FIRST_YEAR: Final = 1970
"""Nothing is entered for a day before it."""

AccountingPeriod = Annotated[str, StringConstraints(pattern="^(19[7-9][0-9]|2[0-9]{3})-(0[1-9]|1[0-2])$")]
"""A month, `2026-03`."""


def period_of(day: date) -> str:
    """The period that a day is in."""
    return f"{day:%Y-%m}"


def first_day(period: str) -> date:
    """The first day of a period."""
    return Period.of(period).days.first


def last_day(period: str) -> date:
    """The last day of a period."""
    return Period.of(period).days.last


def day_before(day: date) -> date:
    """The day before one."""
    return day - timedelta(days=1)


def _entered(day: date, today: date) -> Iterator[Violation]:
    if day > today:
        yield Violation("date_range", "Nothing is entered for a day to come.")
    elif day.year < FIRST_YEAR:
        yield Violation("date_range", "Nothing is entered for a day before 1970.")


Entered = date_rule(_entered, "date_range")
"""A day for which something can be entered; judged with a body's other faults, and by `check_entered`."""


Due = in_years(FIRST_YEAR, 2099, "date_range", "Invoices are due from 1970 to 2099.")
"""A day on which something can be due."""


def check_entered(day: date | None, today: date, *path: str) -> None:
    """Raises Unprocessable (`date_range`) where nothing can be entered for a day, which stands at a place of a body."""
    if day is not None:
        refuse(*at_path(_entered(day, today), *path))
