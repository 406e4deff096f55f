"""Working days and working hours of the zone, by the public holidays of China with their make-up days (调休).

The General Office of the State Council publishes each year's calendar in the autumn before: which days are off, and
which Saturdays and Sundays are worked instead. From 2001 on these notices count here, as far as the installed version
of `holidays` knows them. A year beyond them has the days off that the law itself fixes (Order 795 of 2024: among them
Spring Festival and the other days of the lunar calendar; one on a weekend is made good on the next weekday) and no
make-up days; what was counted there can move by some days once the notice is out. Before 1950 and after 2100, weekends
alone count.

A term that is stated in plain days, such as a notice of 20 days, is calendar days and has nothing to do with this file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from holidays.countries.china import China

from services.chassis.domain.times import ZONE_TIME, zone_date

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingHours:
    """The hours of a working day in zone time, as shifts that follow each other; by default those of Xinjiang."""

    shifts: tuple[tuple[time, time], ...] = ((time(10), time(14)), (time(16), time(20)))

    def __post_init__(self) -> None:
        """Raises: ValueError: the shifts overlap, or are not in the order of the day."""
        bounds = [moment for shift in self.shifts for moment in shift]
        if bounds != sorted(set(bounds)):
            raise ValueError("the shifts of a working day follow each other and do not overlap")

    def on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Its shifts on a calendar day of the zone, as instants."""
        for begins, ends in self.shifts:
            yield (
                datetime.combine(day, begins, ZONE_TIME).astimezone(UTC),
                datetime.combine(day, ends, ZONE_TIME).astimezone(UTC),
            )


XINJIANG_HOURS = WorkingHours()


def is_working_day(day: date) -> bool:
    """Whether it is a weekday that is not off, or a Saturday or Sunday that is worked instead of one."""
    return _calendar(day.year).is_working_day(day)


def add_working_days(day: date, number: int) -> date:
    """The last day of a term of working days; always a working day itself.

    Args:
        day: does not count; the term begins on the day after (Civil Code, article 201).
        number: where negative, the term runs backwards; 0 is `day`, or the next working day where it is off
            (article 203).

    Raises:
        OverflowError: there is no such day in the calendar.
    """
    if number == 0:
        return _first_working_day(day, A_DAY)
    step = A_DAY if number > 0 else -A_DAY
    for _ in range(abs(number)):
        day = _first_working_day(day + step, step)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`.

    So that, of two working days, `add_working_days(start, working_days_between(start, end))` is `end`.

    Raises:
        ValueError: `end` lies before `start`.
    """
    _in_order(start, end)
    return sum(is_working_day(start + A_DAY * number) for number in range(1, (end - start).days + 1))


def working_hours_between(start: datetime, end: datetime, hours: WorkingHours = XINJIANG_HOURS) -> timedelta:
    """The time from one instant to another that falls into working hours of the zone.

    Raises:
        ValueError: `end` lies before `start`.
    """
    _in_order(start, end)
    first = zone_date(start)
    days = (first + A_DAY * number for number in range((zone_date(end) - first).days + 1))
    shifts = (shift for day in days if is_working_day(day) for shift in hours.on(day))
    return sum((max(min(ends, end) - max(begins, start), timedelta()) for begins, ends in shifts), timedelta())


def _first_working_day(day: date, step: timedelta) -> date:
    """This day where it is a working day, else the nearest one in the direction of `step`."""
    while not is_working_day(day):
        day += step
    return day


@cache
def _calendar(year: int) -> China:
    """The days off of a year and the weekends worked in it.

    Together with those of the next year, whose notice may have a weekend of this December worked.
    """
    return China(years=[year, year + 1])  # type: ignore[no-untyped-call]  # its constructor alone has no types


def _in_order(start: date, end: date) -> None:
    if end < start:
        raise ValueError(f"a span ends before it begins: {start} to {end}")
