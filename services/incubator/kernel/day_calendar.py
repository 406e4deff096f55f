"""The calendar of what is allocated by days: a claim for each day of each unit, and which of them are taken by whom."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.chassis.domain.times import zone_midnight
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days


class DayClaim(NamedTuple):
    """A day of a unit that is taken."""

    resource_id: str
    unit: int
    day: date

    @property
    def key(self) -> str:
        """The claim of one day of the zone; an allocatable resource has no claims of slots beside it."""
        return f"slot|{self.resource_id}:{self.unit}:D{self.day:%Y-%m-%d}"

    @property
    def until(self) -> datetime:
        """The moment at which the day is over."""
        return zone_midnight(self.day + A_DAY)


class TakenUnit(NamedTuple):
    """A unit that somebody has for some days."""

    resource_id: str
    unit: int
    days: Days


def claims_of(taken: Sequence[TakenUnit]) -> Iterator[DayClaim]:
    """The claim of each day of each unit."""
    return (DayClaim(each.resource_id, each.unit, day) for each in taken for day in each.days.each())


class TakenDays:
    """Which days of units are taken, and by whom.

    Args:
        holders: id of an allocation or a blackout → what it takes.
    """

    def __init__(self, holders: Mapping[str, Sequence[TakenUnit]]) -> None:
        self._holders = holders

    def clashes(self, resource_id: str, unit: int, days: Days) -> dict[str, Days]:
        """Who takes something of a unit on some days, and when."""
        return {
            holder: each.days
            for holder, taken in self._holders.items()
            for each in taken
            if (each.resource_id, each.unit) == (resource_id, unit) and each.days.overlaps(days)
        }

    def free_units(self, resource_id: str, units: int, days: Days) -> list[int]:
        """The units of a resource that are free on all of these days, lowest first."""
        return [unit for unit in range(units) if not self.clashes(resource_id, unit, days)]
