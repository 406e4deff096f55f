"""Calendar periods in zone time, and those that together hold a stretch of days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses
from services.metrics.figures.bucket import HELD_BY, NAMED_BY
from services.metrics.figures.kpi import Granularity

DAY: Final = timedelta(days=1)
MONTHS: Final[dict[Granularity, int]] = {"month": 1, "quarter": 3, "year": 12}
BY_LENGTH: Final[dict[int, Granularity]] = {4: "year", 7: "month", 10: "day"}
"""Of how many characters the name of a period is; a quarter's has as many as a month's."""
AFTER_ALL: Final = "~"
"""What is greater than every name of a period."""
PERIOD: Final = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(-(?P<day>\d\d))?)?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A day, month, quarter or year: `2026-07-14`, `2026-07`, `2026-Q3`, `2026`."""

    name: str
    first: date
    end: date
    """The first day after it."""

    @property
    def granularity(self) -> Granularity:
        """Of which length it is."""
        if "Q" in self.name:
            return "quarter"
        return BY_LENGTH[len(self.name)]

    @classmethod
    def around(cls, day: date, granularity: Granularity) -> "Period":
        """The period of this kind in which a day lies."""
        iso = day.isoformat()
        if granularity == "day":
            return cls(iso, day, day + DAY)
        months = MONTHS[granularity]
        before = (day.month - 1) // months * months
        first = date(day.year, before + 1, 1)
        end = date(day.year + (before + months) // 12, (before + months) % 12 + 1, 1)
        names = {"month": iso[:7], "quarter": f"{iso[:4]}-Q{before // 3 + 1}", "year": iso[:4]}
        return cls(names[granularity], first, end)

    @classmethod
    def read(cls, name: str) -> "Period":
        """The period of this name.

        Raises:
            PydanticCustomError: `period_invalid`.
        """
        match = PERIOD.fullmatch(name)
        if match is None:
            raise PydanticCustomError("period_invalid", "a period is written 2017, 2026-Q3, 2026-07 or 2026-07-14")
        year, quarter, month, day = (int(match[part] or 0) for part in ("year", "quarter", "month", "day"))
        granularity: Granularity = "day" if day else "month" if month else "quarter" if quarter else "year"
        try:
            if not MINYEAR <= year < MAXYEAR or match["day"] == "00" or match["month"] == "00":
                raise ValueError
            return cls.around(date(year, month or 3 * quarter or 1, day or 1), granularity)
        except ValueError:
            raise PydanticCustomError("period_invalid", "no such period in the calendar") from None


def periods(first: date, end: date, granularity: Granularity) -> Iterator[Period]:
    """The periods that hold the days from `first` until before `end`, in order."""
    while first < end:
        period = Period.around(first, granularity)
        yield period
        first = period.end


def _readable(name: str) -> str:
    Period.read(name)
    return name


PeriodName = Annotated[
    str,
    AfterValidator(_readable),
    Refuses("period_invalid"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}(-Q[1-4]|-[0-9]{2}(-[0-9]{2})?)?$"}),
]
"""A parameter that names a period."""


def _year(text: str) -> str:
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise PydanticCustomError("year_invalid", "a year is written YYYY")
    return text


Year = Annotated[
    str,
    AfterValidator(_year),
    Refuses("year_invalid"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"}),
]
"""A parameter that names a year: the value of a dimension that is one."""


class Span(NamedTuple):
    """The periods of one level from one until before another; '' is the beginning of time."""

    level: str
    first: str
    end: str

    @classmethod
    def over(cls, level: str, first: date, end: date) -> "Span":
        """Over the days from `first` until before `end`, both of which begin a period of this level."""
        return cls(level, first.isoformat()[: NAMED_BY[level]], end.isoformat()[: NAMED_BY[level]])

    @property
    def buckets(self) -> tuple[str, str]:
        """The first and the last of the buckets in which they lie, by what these hold (`bucket.HELD_BY`)."""
        if not (held := HELD_BY[self.level]):
            return "", ""
        last = date.fromisoformat(first_day(self.end)) - DAY
        return self.first[:held], last.isoformat()[:held]

    def within(self, bucket: str) -> tuple[str, str]:
        """From which name on, and until before which, the periods of one bucket lie in this span."""
        held = HELD_BY[self.level]
        first = self.first[held:].removeprefix("-") if self.first[:held] == bucket else ""
        end = self.end[held:].removeprefix("-") if self.end[:held] == bucket else AFTER_ALL
        return first, end


def first_day(period: str) -> str:
    """The ISO date on which a period begins."""
    return (period + "-01-01")[:10]


@lru_cache(maxsize=1_000)
def spans(first: date | None, end: date) -> Sequence[Span]:
    """The fewest periods that together hold the days from `first` (None: from the beginning) until before `end`.

    They are at most the years, 11 months and 31 days at either side, however many businesses there are. Cached, as most
    questions are about today.
    """
    found = [] if first else [Span("y", "", f"{end.year:04d}")]
    at = first or date(end.year, 1, 1)
    while at < end:
        level, until = _longest_from(at, end)
        step = Span.over(level, at, until)
        if found and found[-1].level == level:
            step = step._replace(first=found.pop().first)
        found.append(step)
        at = until
    return tuple(found)


def _longest_from(day: date, end: date) -> tuple[str, date]:
    """The level of the longest period that begins on a day and is over by `end`, and the day after it."""
    for level, granularity in LONGEST_FIRST.items():
        period = Period.around(day, granularity)
        if period.first == day and period.end <= end:
            return level, period.end
    raise ValueError("the days end before they begin")


LONGEST_FIRST: Final[dict[str, Granularity]] = {"y": "year", "m": "month", "d": "day"}
