"""Billing periods: the calendar months of the zone, and the days of them on which something was held."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, NamedTuple, Self

from pydantic import StringConstraints

from services.chassis.domain.times import zone_midnight
from services.chassis.domain.violations import in_years
from services.incubator.kernel.local_time import A_DAY

PeriodText = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month, `YYYY-MM`."""


OfOurTime = in_years(2000, 2099, "date_range", "What the zone offers is from 2000 to 2099.")
"""A day on which something that the zone offers can begin or end."""


class Days(NamedTuple):
    """Days in a row, the first and the last included."""

    first: date
    last: date

    @property
    def number(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def ends_at(self) -> datetime:
        """The moment at which the last of them is over in the zone."""
        return zone_midnight(self.last + A_DAY)

    @property
    def starts_at(self) -> datetime:
        """The moment at which the first of them begins in the zone."""
        return zone_midnight(self.first)

    def each(self) -> Iterator[date]:
        """One after the other."""
        return (self.first + number * A_DAY for number in range(self.number))

    def overlaps(self, other: "Days") -> bool:
        """Whether some day is among both."""
        return self.first <= other.last and other.first <= self.last

    def by_month(self) -> "Iterator[tuple[Period, Days]]":
        """The calendar months that they lie in, each with those of them that are in it."""
        period = Period.of(f"{self.first:%Y-%m}")
        while period.days.first <= self.last:
            yield period, Days(max(self.first, period.days.first), min(self.last, period.days.last))
            period = period.following

    def held(self, opened_on: date, closed_on: date | None) -> "Days | None":
        """Those of them on which something was there that was opened and closed; None where it was not."""
        first, last = max(self.first, opened_on), min(self.last, closed_on or self.last)
        return Days(first, last) if first <= last else None


class Period(NamedTuple):
    """A calendar month of the zone."""

    text: str
    days: Days

    @classmethod
    def of(cls, text: str) -> Self:
        """The month `YYYY-MM`."""
        year, month = (int(part) for part in text.split("-"))
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(text, Days(date(year, month, 1), following - A_DAY))

    @property
    def following(self) -> "Period":
        """The month after it."""
        return Period.of(f"{self.days.last + A_DAY:%Y-%m}")
