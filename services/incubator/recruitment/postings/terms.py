"""What a posting says of the job: where it is done, what it pays and what is asked for."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from services.chassis.domain.money import PositiveOrZero
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Before, Violation, cross_rule, rule

MARKUP: Final = re.compile(r"<[/!?]?[A-Za-z]|<!--|&(#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
Title = Annotated[str, Text(at_most=100)]
Place = Annotated[str, Text(at_most=100)]
Skill = Annotated[str, Text(at_most=50)]
Description = Annotated[
    str,
    Text(at_most=10_000, lines=True),
    rule(
        lambda text: MARKUP.search(text) is None, "markup_not_allowed", "A description is plain text, without markup."
    ),
]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Openings = Annotated[int, Field(ge=1, le=1000)]
Skills = Annotated[list[Skill], Field(max_length=30)]


class PayPeriod(StrEnum):
    """For which time a salary is paid."""

    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"


def _above_the_least(most: PositiveOrZero, before: Before) -> Iterator[Violation]:
    least = before.get("min")
    if least is None:
        return
    if most.currency != least.currency:
        yield Violation("currency_mismatch", "Both ends of a salary are in one currency.", ("currency",))
    elif most.amount < least.amount:
        yield Violation("salary_range", "A salary begins with the lower amount.")


class Salary(Part):
    """A salary, from one amount to another."""

    min: PositiveOrZero
    """The least that is paid for that time."""
    max: Annotated[PositiveOrZero, cross_rule(_above_the_least, "currency_mismatch", "salary_range")]
    """The most that is paid for that time."""
    per: Annotated[PayPeriod, Field(strict=False)]
    """For which time."""


class Workplace(Part):
    """Where a job is done."""

    country: Country
    """ISO 3166-1 alpha-2, such as `CN`."""
    region: Place
    """Province, autonomous region or state."""
    locality: Place
    """City or county."""
    street: Place | None = None
    """Street and number."""


class RemoteWork(Part):
    """A job that is done from anywhere in some countries."""

    countries: Annotated[list[Country], Field(min_length=1, max_length=50)]
    """From where it may be done: ISO 3166-1 alpha-2."""


def _or_location(remote: RemoteWork | None, before: Before) -> Iterator[Violation]:
    if "location" in before and (remote is None) == (before["location"] is None):
        yield Violation("location_or_remote", "A job is done at a location or remotely: one of the two is said.")


OrRemote = Annotated[RemoteWork | None, cross_rule(_or_location, "location_or_remote"), Field(validate_default=True)]
