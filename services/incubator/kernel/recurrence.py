"""Recurrence by the wall clock of a place: daily, weekly or monthly, as recurrence rules have it (RFC 5545 §3.3.10)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import islice, pairwise
from typing import Annotated, Final, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from pydantic import Field, model_validator

from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violated, Violation, cross_rule, in_years, invalid
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.local_time import is_shown, wall_time

MOST_OCCURRENCES: Final = 52


class Frequency(StrEnum):
    """In what it recurs."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


FREQUENCIES: Final[dict[Frequency, Literal[1, 2, 3]]] = {
    Frequency.DAILY: DAILY,
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
}


def _of_a_week(weekdays: Sequence[int] | None, before: Before) -> Iterator[Violation]:
    if weekdays is not None and before.get("freq") not in (None, Frequency.WEEKLY):
        yield Violation("recurrence_invalid", "Weekdays are of a weekly recurrence.")


OfCalendars = in_years(1970, 2199, "date_range", "Calendars go from 1970 to the end of 2199.")


class Recurrence(Part):
    """How often something recurs; either so many times, or until a day."""

    refuses = ("recurrence_invalid",)

    freq: Annotated[Frequency, Field(strict=False)]
    """Daily, weekly, or monthly on the day of the month of the first one."""
    interval: Annotated[int, Field(ge=1, le=52)] = 1
    """Every so many days, weeks or months."""
    by_weekday: Annotated[
        list[Annotated[int, Field(ge=1, le=7)]] | None,
        Field(min_length=1, max_length=7),
        cross_rule(_of_a_week, "recurrence_invalid"),
    ] = None
    """Of a weekly one: on these days, 1 for Monday; null for the weekday of the first one."""
    count: Annotated[int, Field(ge=1, le=MOST_OCCURRENCES)] | None = None
    """How many times; a day that does not exist (31 June) is left out and does not count."""
    until: Annotated[Day, OfCalendars] | None = None
    """The first day on which it does not recur any more, by the calendar of the place."""

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if (self.count is None) == (self.until is None):
            invalid(Violation("recurrence_invalid", "A recurrence has a count or an end, and not both."))
        return self

    def times(self, first: Interval, zone: ZoneInfo) -> list["Recurring"]:
        """Every occurrence, the first one included where the rule has it, by the wall clock of a place.

        The first one is the instant that was asked for. Of the others, a wall time that is shown twice is the first of
        the two; one in the gap of a change of clocks has no time.

        Raises:
            Violated: `recurrence_invalid`, there are more than `MOST_OCCURRENCES`, or none, or one lasts into the next.
        """
        starts_at, length = wall_time(first.start, zone), first.length
        dates = rrule(
            FREQUENCIES[self.freq],
            dtstart=starts_at,
            interval=self.interval,
            byweekday=None if self.by_weekday is None else [day - 1 for day in self.by_weekday],
            count=self.count,
            until=None if self.until is None else _last_moment_before(self.until),
        )
        walls = list(islice(dates, MOST_OCCURRENCES + 1))
        if not 1 <= len(walls) <= MOST_OCCURRENCES:
            detail = f"A series has at least one occurrence and at most {MOST_OCCURRENCES}."
            raise Violated("recurrence_invalid", detail)
        found = []
        for number, wall in enumerate(walls, start=1):
            start = first.start if wall == starts_at else wall.replace(tzinfo=zone).astimezone(UTC)
            found.append(Recurring(number, Interval(start, start + length) if is_shown(wall, zone) else None))
        known = [each.time for each in found if each.time]
        if any(one.overlaps(other) for one, other in pairwise(known)):
            raise Violated("recurrence_invalid", "An occurrence is over before the next one begins.")
        return found


class Recurring(NamedTuple):
    """One of a series: its number from 1, and its time; None where the clocks never show its wall time."""

    number: int
    time: Interval | None


def _last_moment_before(day: date) -> datetime:
    return datetime.combine(day, time()) - datetime.resolution
