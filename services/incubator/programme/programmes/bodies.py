"""What staff sends of programmes and cohorts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from pydantic import Field

from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day, Instant, zone_date
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.incubator.programme.programmes.form import (
    Criteria,
    Criterion,
    Eligibility,
    Milestones,
    Questions,
)

Name = Annotated[str, Text(at_most=100)]
Reason = Annotated[str, Text(at_most=500)]
Offerings = Annotated[list[Annotated[str, Text(at_most=50)]], Field(max_length=20)]
Term = Annotated[int, Field(ge=1, le=120)]
Extensions = Annotated[int, Field(ge=0, le=10)]
Notice = Annotated[int, Field(ge=0, le=365)]
LONGEST_WAIT: Final = timedelta(days=36_525)
"""From the end of the time for applications to the first day: all days that follow from it are in the calendar."""
ONE_CRITERION = Criterion(key="overall", name="总体评价", weight_bps=10_000)


class PlanProgram(Part):
    """A programme of the incubator."""

    name: Name
    """What it is called."""
    offerings: Offerings = Field(default=[])
    """What who is enrolled gets."""
    questions: Questions = Field(default=[])
    """What applicants are asked."""
    criteria: Criteria = Field(default=[ONE_CRITERION])
    """By what applications are judged; their weights sum to 10,000 basis points."""
    eligibility: Eligibility = Field(default=[])
    """Who may apply."""
    milestones: Milestones = Field(default=[])
    """What who is enrolled is to reach."""
    term_months: Term = 12
    """How many months who is enrolled stays."""
    max_extensions: Extensions = 2
    """How often that can be extended."""
    extension_months: Term = 6
    """By how many months each time."""
    extension_notice_days: Notice = 90
    """How many days before the last day an extension is given at the latest."""


class ChangeProgram(Part):
    """What is to change of a programme, for the cohorts that open later; what is left out stays (RFC 7396)."""

    name: Change[Name] = None
    """What it is called."""
    offerings: Change[Offerings] = None
    """What who is enrolled gets, all of it."""
    questions: Change[Questions] = None
    """What applicants are asked, all of it."""
    criteria: Change[Criteria] = None
    """By what applications are judged, all of it."""
    eligibility: Change[Eligibility] = None
    """Who may apply: all rules."""
    milestones: Change[Milestones] = None
    """What who is enrolled is to reach, all of it."""


def _later(closes_at: datetime, before: Before) -> Iterator[Violation]:
    if "opens_at" in before and closes_at <= before["opens_at"]:
        yield Violation("date_range", "The time for applications ends after it begins.")


def _after_applications(starts_on: date, before: Before) -> Iterator[Violation]:
    if "closes_at" not in before:
        return
    over_on = zone_date(before["closes_at"])
    if not timedelta() <= starts_on - over_on <= LONGEST_WAIT:
        yield Violation(
            "date_range", "A cohort starts when the time for applications is over, or in the hundred years after."
        )


def _not_before_start(ends_on: date, before: Before) -> Iterator[Violation]:
    if "starts_on" in before and ends_on < before["starts_on"]:
        yield Violation("date_range", "A cohort ends after it starts.")


class PlanCohort(Part):
    """A cohort of a programme."""

    name: Name
    """What it is called."""
    opens_at: Instant
    """From when applications are taken."""
    closes_at: Annotated[Instant, cross_rule(_later, "date_range")]
    """The first moment at which they are not taken any more."""
    starts_on: Annotated[Day, cross_rule(_after_applications, "date_range")]
    """Its first day: when the time for applications is over, or in the hundred years after."""
    ends_on: Annotated[Day, cross_rule(_not_before_start, "date_range")]
    """Its last day."""
    seats: Annotated[int, Field(ge=1, le=10_000)]
    """How many may be accepted."""
    reviews_needed: Annotated[int, Field(ge=1, le=20)] = 1
    """How many complete reviews an application needs."""


class CorrectForm(Part):
    """What was wrong with the form or the rules of an open cohort; what is left out stays."""

    questions: Questions | None = None
    """What applicants are asked, all of it."""
    criteria: Criteria | None = None
    """By what applications are judged, all of it."""
    eligibility: Eligibility | None = None
    """Who may apply: all rules."""


class CancelCohort(Part):
    """Why a cohort does not take place."""

    reason: Reason
    """In words that everyone who applied may read."""
