"""Wall-clock times of a place, and the instants that they mean there, daylight saving included.

A change of clocks makes some wall times mean two instants (ambiguous), and some none (they lie in the gap).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Annotated, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import StringConstraints

from services.chassis.domain.times import Instant
from services.chassis.domain.violations import in_years, rule

A_DAY: Final = timedelta(days=1)
A_MINUTE: Final = timedelta(minutes=1)


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


TimeZoneName = Annotated[
    str,
    StringConstraints(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$"),
    rule(lambda name: name in _known(), "unknown_time_zone", "A time zone is a name of the IANA database."),
]
"""A time zone by its name in the IANA database (RFC 6557), such as `Asia/Urumqi`."""

WallTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""What a clock on the wall shows, `HH:MM`; `24:00` is the end of the day."""


BookedInstant = Annotated[
    Instant,
    in_years(1970, 2199, "timestamp_invalid", "Calendars go from 1970 to the end of 2199."),
]
"""A moment that a calendar reckons with: far enough from the ends of time for every wall clock and buffer."""


def minutes_of(wall: str) -> int:
    """Minutes after the wall clock's midnight, 0 to 1440."""
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def earliest(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The first instant at which a wall time is shown on a day; of one in the gap, the end of the gap."""
    return _read(day, minutes, zone, fold=0)


def latest(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The last instant at which a wall time is shown on a day; of one in the gap, the end of the gap."""
    return _read(day, minutes, zone, fold=1)


def is_shown(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in a zone ever show a wall time (without `tzinfo`): one in the gap they skip."""
    there = wall.replace(tzinfo=zone, fold=0)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(fold=0)


def wall_time(at: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in a zone show at an instant, without `tzinfo`."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def local_days(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The days of a place that `[start, end)` touches, in order."""
    day = start.astimezone(zone).date()
    while earliest(day, 0, zone) < end:
        yield day
        day += A_DAY


@lru_cache(maxsize=10_000)  # the hours of a place are asked for at each quarter of an hour that may be booked there
def _read(day: date, minutes: int, zone: ZoneInfo, *, fold: int) -> datetime:
    wall = datetime.combine(day, time()) + minutes * A_MINUTE
    if is_shown(wall, zone):
        return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    # Read by the offset after the change it lies before the change, and the other way round (PEP 495).
    before, after = (wall.replace(tzinfo=zone, fold=side).astimezone(UTC) for side in (1, 0))
    return _change_between(before, after, zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The minute at which the clocks of a zone change; there is one such change between the two instants."""
    old = before.astimezone(zone).utcoffset()
    while after - before > A_MINUTE:
        middle = before + (after - before) // A_MINUTE // 2 * A_MINUTE
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
