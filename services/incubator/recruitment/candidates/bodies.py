"""What callers send of candidates."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.addresses import Email
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, at_path, date_rule, refuse
from services.incubator.recruitment.candidates.consent import GiveConsent

PersonName = Annotated[str, Text(at_most=100)]


def _graduated(day: date | None, today: date) -> Iterator[Violation]:
    if day is not None and not date(1950, 1, 1) <= day <= today:
        yield Violation("date_range", "Somebody graduated on a day since 1950 that is not to come.")


GraduationDay = Annotated[Day | None, date_rule(_graduated, "date_range")]


class EnterCandidate(Part):
    """A person who looks for work, and what the person agreed to."""

    name: PersonName
    """How the person is called."""
    email: Email
    """Where the person is written to; each address is entered once."""
    graduated_on: GraduationDay = None
    """The day of graduation; null where there was none, or it is not known."""
    consents: Annotated[list[GiveConsent], Field(max_length=20)] = Field(default=[])
    """What the person agreed to."""


class ChangeCandidate(Part):
    """What is to change of a candidate; what is left out stays (RFC 7396)."""

    name: Change[PersonName] = None
    """How the person is called."""
    email: Change[Email] = None
    """Where the person is written to."""
    graduated_on: GraduationDay = None
    """The day of graduation; null where there was none, or it is not known."""


def check_days(body: EnterCandidate | ChangeCandidate, today: date) -> None:
    """Raises Unprocessable (`date_range`) where a day is none of graduation, or a consent lasts too long."""
    wrong = list(at_path(_graduated(body.graduated_on, today), "graduated_on"))
    for number, consent in enumerate(body.consents if isinstance(body, EnterCandidate) else ()):
        wrong += at_path(consent.too_long(today), "consents", number)
    refuse(*wrong)
