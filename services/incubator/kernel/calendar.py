"""The calendar of what can be booked: one judgement decides what is listed as free and what can be booked.

Time is taken in slots of a quarter of an hour. A booking takes those of its buffers too, so that buffers of two
bookings add up. A resource of several units (ten desks) is as many calendars with the same rules.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from services.chassis.domain.part import Part
from services.chassis.domain.violations import Before, Violation, cross_rule, rule
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.opening import Opening

SLOT: Final = timedelta(minutes=15)
"""The grid of all bookings; every time zone of today is a multiple of it away from UTC."""

Taken = Mapping[int, AbstractSet[datetime]]
"""Of each unit, the slots that are taken, by their starts."""


def _on_grid(minutes: int) -> bool:
    return minutes % 15 == 0


OnGrid = rule(_on_grid, "not_on_grid", "A multiple of 15 minutes.")


def _not_shorter(most: int, before: Before) -> Iterator[Violation]:
    if "min_minutes" in before and most < before["min_minutes"]:
        yield Violation("empty_interval", "The longest booking is not shorter than the shortest.")


class Terms(Part):
    """The terms on which something is booked, in minutes."""

    min_minutes: Annotated[int, Field(ge=15, le=1440), OnGrid] = 15
    """The shortest booking."""
    max_minutes: Annotated[int, Field(ge=15, le=20160), OnGrid, cross_rule(_not_shorter, "empty_interval")] = 480
    """The longest booking, at most two weeks."""
    buffer_before: Annotated[int, Field(ge=0, le=1440), OnGrid] = 0
    """Kept free before each booking, to prepare."""
    buffer_after: Annotated[int, Field(ge=0, le=1440), OnGrid] = 0
    """Kept free after each booking, to clean up."""
    cutoff_minutes: int = Field(default=0, ge=0, le=43200)
    """How long before its start a booking is made at the latest."""
    cancel_minutes: int = Field(default=0, ge=0, le=43200)
    """How long before its start a booking is cancelled at the latest."""


@dataclass(frozen=True)
class Calendar:
    """When something can be booked.

    Attributes:
        opening: when its place is open.
        terms: how long, how early, and with how much around it.
        units: how many of it there are, numbered from 0.
    """

    opening: Opening
    terms: Terms
    units: int = 1

    def judge(self, asked: Interval, *, now: datetime) -> Iterator[Violation]:
        """What the rules have against a booking, whatever else is booked; places are `start` and `end`.

        The codes: `empty_interval`, `not_on_grid`, `in_the_past`, `cutoff_passed`, `too_short`, `too_long`,
        `outside_opening_hours`.
        """
        off_grid = [name for name, at in (("start", asked.start), ("end", asked.end)) if not is_on_grid(at)]
        for name in off_grid:
            yield Violation("not_on_grid", "Bookings begin and end on a quarter of an hour.", (name,))
        if asked.start < now:
            yield Violation("in_the_past", "It begins in the past.", ("start",))
        elif asked.start < now + timedelta(minutes=self.terms.cutoff_minutes):
            detail = f"It is booked at least {self.terms.cutoff_minutes} minutes before it begins."
            yield Violation("cutoff_passed", detail, ("start",))
        if asked.end <= asked.start:
            yield Violation("empty_interval", "It ends after it begins.", ("end",))
            return
        if asked.minutes < self.terms.min_minutes:
            yield Violation("too_short", f"It lasts at least {self.terms.min_minutes} minutes.", ("end",))
        if asked.minutes > self.terms.max_minutes:
            yield Violation("too_long", f"It lasts at most {self.terms.max_minutes} minutes.", ("end",))
        elif not off_grid and not self.opening.covers(asked):
            yield Violation("outside_opening_hours", "It is not open all of this time.", ("start",))

    def claimed(self, asked: Interval) -> Interval:
        """What a booking takes: itself and its buffers."""
        return asked.widened(
            timedelta(minutes=self.terms.buffer_before),
            timedelta(minutes=self.terms.buffer_after),
        )

    def slots(self, asked: Interval) -> list[datetime]:
        """The slots that a booking takes, by their starts."""
        return list(self.claimed(asked).steps(SLOT))

    def free_units(self, asked: Interval, taken: Taken) -> Iterator[int]:
        """The units that have all slots of a booking free, lowest first."""
        wanted = frozenset(self.slots(asked))
        return (unit for unit in range(self.units) if wanted.isdisjoint(taken.get(unit, frozenset())))

    def starts(self, window: Interval, minutes: int, taken: Taken, *, now: datetime) -> Iterator[datetime]:
        """Every start within a window at which a booking of so many minutes is taken, in order.

        What is taken may lie outside the window: it must be known as far as `reach` says.
        """
        for start in Interval(_next_on_grid(window.start), window.end).steps(SLOT):
            asked = Interval(start, start + timedelta(minutes=minutes))
            if next(self.judge(asked, now=now), None) is None and any(True for _ in self.free_units(asked, taken)):
                yield start

    def reach(self, window: Interval, minutes: int) -> Interval:
        """As far as bookings that begin within a window take slots."""
        last = Interval(window.start, window.end + timedelta(minutes=minutes))
        return self.claimed(last)


def taken_slots(claims: Iterable[tuple[int, datetime]]) -> dict[int, set[datetime]]:
    """Claims of single slots, each with its unit, gathered by unit."""
    found: dict[int, set[datetime]] = {}
    for unit, slot in claims:
        found.setdefault(unit, set()).add(slot)
    return found


def is_on_grid(at: datetime) -> bool:
    """Whether a booking may begin or end at an instant."""
    return at.minute % 15 == 0 and at.second == 0 and at.microsecond == 0


def _next_on_grid(at: datetime) -> datetime:
    whole = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == at else whole + SLOT
