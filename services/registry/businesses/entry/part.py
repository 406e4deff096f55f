"""A part of a business's entry in the register, as a filing states it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, date_rule


class Part(BaseModel):
    """One part of an entry. It is never changed in place: a filing brings a whole new one.

    The docstring below a member is its description in the API document.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, serialize_by_alias=True, use_attribute_docstrings=True
    )

    refuses: ClassVar[tuple[str, ...]] = ()
    """The codes of what its validators as a whole do not accept; those of its members stand at them."""


Line = Annotated[str, Text(at_most=200)]
"""A short text: a name, a line of an address."""


def still_to_come(day: date, today: date) -> Iterator[Violation]:
    """What is wrong with a day that a filing says has been."""
    if day > today:
        yield Violation("date_range", "This day has not come yet.")


PastDay = Annotated[Day, date_rule(still_to_come, "date_range")]
"""Today, or a day before."""
