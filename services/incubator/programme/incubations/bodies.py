"""What callers send of incubations."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import PositiveOrZero
from services.chassis.domain.part import Part
from services.chassis.domain.texts.addresses import web_address
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, at_path, date_rule, refuse
from services.contracts.incubator.startups.incubations import Outcome
from services.contracts.registry.businesses import BusinessId
from services.incubator.programme.programmes.bodies import Reason
from services.incubator.programme.programmes.form import Title

WebAddress = Annotated[str, Text(at_most=2000), web_address("web_address_invalid")]


class BeginWith(Part):
    """With what figures a business begins."""

    revenue: PositiveOrZero | None = None
    """Of the last year that has ended."""
    staff: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """How many people work there."""
    valuation: PositiveOrZero | None = None
    """What it is worth."""


class EnrolBusiness(Part):
    """The enrolment of who was accepted."""

    business_id: BusinessId | None = None
    """The business of a team that applied without one; null where the application names it."""
    baseline: BeginWith = Field(default=BeginWith())
    """With what figures it begins."""


class AddMilestone(Part):
    """One thing more that a business is to reach."""

    title: Title
    """What is to be reached."""
    due_on: Day
    """The last day on which it is in time."""
    mandatory: bool = True
    """Whether nobody graduates without it."""


class MeetMilestone(Part):
    """A milestone that is reached."""

    evidence_url: WebAddress | None = None
    """Where that can be seen."""


class WithdrawIncubation(Part):
    """Why a business leaves, where that is said."""

    reason: Reason | None = None
    """In words that both sides may read."""


class TerminateIncubation(Part):
    """Why the zone ends an incubation."""

    reason: Reason
    """In words that both sides may read."""


def _seen(day: date, today: date) -> Iterator[Violation]:
    if day > today:
        yield Violation("date_range", "Nothing was seen on a day that is to come.")


class ReportOutcome(Part):
    """What was seen to have become of a business that has graduated."""

    outcome: Annotated[Outcome, Field(strict=False)]
    """What became of it."""
    observed_on: Annotated[Day, date_rule(_seen, "date_range")]
    """On which day that was so."""

    def check_day(self, today: date) -> None:
        """Raises Unprocessable (`date_range`) where it was seen on a day that is to come."""
        refuse(*at_path(_seen(self.observed_on, today), "observed_on"))
