"""Opening hours of a place, by its own wall clock: weekly ones, and the days that differ from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, at_path, cross_rule
from services.incubator.kernel.interval import Interval, union
from services.incubator.kernel.local_time import WallTime, earliest, latest, local_days, minutes_of


def _closes_later(closes: str, before: Before) -> Iterator[Violation]:
    if "opens" in before and minutes_of(closes) <= minutes_of(before["opens"]):
        yield Violation("empty_interval", "It closes after it opens; a night is two pieces, with 24:00 between them.")


class Hours(Part):
    """Hours of one day, by the wall clock of the place."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    opens: WallTime = Field(alias="from")
    """From when; where the clocks change, the first time that they show this."""
    closes: Annotated[WallTime, cross_rule(_closes_later, "empty_interval")] = Field(alias="to")
    """Until when, at most `24:00`; where the clocks change, the last time that they show this."""

    def on(self, day: date, zone: ZoneInfo) -> Interval:
        """The instants that they mean on a day of a place."""
        return Interval(
            earliest(day, minutes_of(self.opens), zone),
            latest(day, minutes_of(self.closes), zone),
        )


class WeeklyHours(Hours):
    """Hours of every week."""

    weekday: int = Field(ge=1, le=7)
    """The day of the week, 1 for Monday to 7 for Sunday (ISO 8601)."""


def _apart(hours: Iterable[tuple[int, Hours]]) -> Iterator[Violation]:
    """Where hours of one day, each with its place in the list, overlap the ones before."""
    for (_, one), (place, other) in pairwise(sorted(hours, key=lambda each: each[1].opens)):
        if other.opens < one.closes:
            yield Violation("hours_overlap", "Hours of one day do not overlap.", (place,))


def _weekly_apart(weekly: Sequence[WeeklyHours], _: Before) -> Iterator[Violation]:
    for weekday in range(1, 8):
        yield from _apart((place, each) for place, each in enumerate(weekly) if each.weekday == weekday)


def _hours_apart(hours: Sequence[Hours], _: Before) -> Iterator[Violation]:
    return _apart(enumerate(hours))


class DayHours(Part):
    """A day that is not as its weekday is."""

    date: Day
    """The day, by the calendar of the place."""
    hours: Annotated[list[Hours], Field(max_length=12), cross_rule(_hours_apart, "hours_overlap")]
    """When it is open on that day; empty where it is closed."""


def _each_day_once(exceptions: Sequence[DayHours], _: Before) -> Iterator[Violation]:
    seen: set[date] = set()
    for place, each in enumerate(exceptions):
        if each.date in seen:
            yield from at_path([Violation("day_repeated", "A day stands once.", ("date",))], place)
        seen.add(each.date)


Weekly = Annotated[list[WeeklyHours], Field(max_length=50), cross_rule(_weekly_apart, "hours_overlap")]
"""The hours of a week, in any order; on a day that is not named the place is closed."""
Exceptions = Annotated[list[DayHours], Field(max_length=400), cross_rule(_each_day_once, "day_repeated")]
"""Days with other hours than their weekday, public holidays for one."""


@dataclass(frozen=True)
class Opening:
    """When a place is open.

    Attributes:
        zone: whose wall clock the hours are told by.
        weekly, exceptions: its hours.
    """

    zone: ZoneInfo
    weekly: Sequence[WeeklyHours]
    exceptions: Sequence[DayHours] = ()

    def on(self, day: date) -> list[Interval]:
        """When it is open on a day of its calendar, in order."""
        hours: Sequence[Hours] = next(
            (each.hours for each in self.exceptions if each.date == day),
            [each for each in self.weekly if each.weekday == day.isoweekday()],
        )
        return union(each.on(day, self.zone) for each in hours)

    def around(self, asked: Interval) -> list[Interval]:
        """When it is open on the days that an interval touches, midnights bridged, in order."""
        days = local_days(asked.start, asked.end, self.zone)
        return union(piece for day in days for piece in self.on(day))

    def covers(self, asked: Interval) -> bool:
        """Whether it is open all through an interval."""
        return any(piece.covers(asked) for piece in self.around(asked))
