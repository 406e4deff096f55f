"""A past day: one that has come by the day on which a filing that states it is judged."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, date_rule


def still_to_come(day: date, today: date) -> Iterator[Violation]:
    """What is wrong with a day that a filing says has been."""
    if day > today:
        yield Violation("date_range", "This day has not come yet.")


PastDay = Annotated[Day, date_rule(still_to_come, "date_range")]
"""Today, or a day before."""
