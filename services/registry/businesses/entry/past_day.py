"""What parts of a business's entry in the register are made of: lines of text, and days that have been."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, date_rule

Line = Annotated[str, Text(at_most=200)]
"""A short text: a name, a line of an address."""


def still_to_come(day: date, today: date) -> Iterator[Violation]:
    """What is wrong with a day that a filing says has been."""
    if day > today:
        yield Violation("date_range", "This day has not come yet.")


PastDay = Annotated[Day, date_rule(still_to_come, "date_range")]
"""Today, or a day before."""
