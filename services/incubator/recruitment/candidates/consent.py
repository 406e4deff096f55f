"""A consent: for what a person's data may be used, in which words that was asked, and until when.

It is proven by the version of its words and taken back as easily as it was given (GDPR art. 7, PIPL art. 14 and 15).
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day, Instant
from services.chassis.domain.violations import Before, Violation, at_path, cross_rule, date_rule
from services.contracts.incubator.jobs import PostingId

LONGEST: Final = relativedelta(months=24)
TextVersion = Annotated[str, Text(at_most=50)]


class Purpose(StrEnum):
    """For what."""

    POSTING = "posting"
    TALENT_POOL = "talent_pool"


def _for_one_posting(posting_id: str | None, before: Before) -> Iterator[Violation]:
    if "purpose" in before and (posting_id is None) == (before["purpose"] is Purpose.POSTING):
        yield Violation("consent_scope", "Consent for a posting names it; consent for the talent pool names none.")


def _until_its_end(expires_on: date | None, before: Before) -> Iterator[Violation]:
    if "purpose" in before and (expires_on is None) == (before["purpose"] is Purpose.TALENT_POOL):
        yield Violation(
            "consent_scope",
            "Consent for the talent pool says its last day; that for a posting lasts as long as the application.",
        )


def _not_for_ever(expires_on: date | None, today: date) -> Iterator[Violation]:
    if expires_on is not None and not today <= expires_on <= today + LONGEST:
        yield Violation("date_range", "Consent lasts from today for at most 24 months.")


class GiveConsent(Part):
    """A consent that a person gave."""

    purpose: Annotated[Purpose, Field(strict=False)]
    """For one posting, or to be put forward for any."""
    text_version: TextVersion
    """Which version of the words the person agreed to."""
    posting_id: Annotated[
        PostingId | None, cross_rule(_for_one_posting, "consent_scope"), Field(validate_default=True)
    ] = None
    """For which posting; null for the talent pool."""
    expires_on: Annotated[
        Day | None,
        cross_rule(_until_its_end, "consent_scope"),
        date_rule(_not_for_ever, "date_range"),
        Field(validate_default=True),
    ] = None
    """The last day of a consent for the talent pool, at most 24 months ahead; null for a posting."""

    def too_long(self, today: date) -> Iterator[Violation]:
        """What the day makes wrong with it: it is over, or lasts too long."""
        yield from at_path(_not_for_ever(self.expires_on, today), "expires_on")


class Consent(BaseModel):
    """A consent as it is kept.

    Attributes:
        number: 1, 2, 3, … within its candidate.
        expires_on: its last day; None of one for a posting, which lasts as long as what was applied for.
    """

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    number: int
    """Which of the candidate's: 1, 2, 3 and so on."""
    purpose: Purpose
    """For one posting, or to be put forward for any."""
    posting_id: PostingId | None
    """For which posting; null for the talent pool."""
    text_version: str
    """Which version of the words the person agreed to."""
    given_at: Instant
    """When it was entered."""
    expires_on: Day | None
    """Its last day; null of one for a posting, which lasts until six months after the application's end."""
    withdrawn_at: Instant | None = None
    """When the person took it back; null while it holds."""

    def covers(self, posting_id: str, today: date) -> bool:
        """Whether a person may be put forward for a posting by it, on a day."""
        return self.is_for(posting_id) and (self.expires_on is None or today <= self.expires_on)

    def is_for(self, posting_id: str) -> bool:
        """Whether it was given for a posting, or for any, and not taken back."""
        return self.withdrawn_at is None and (self.purpose is Purpose.TALENT_POOL or self.posting_id == posting_id)

    def withdraw(self, at: datetime) -> None:
        """The person takes it back; the first time counts."""
        self.withdrawn_at = self.withdrawn_at or at
