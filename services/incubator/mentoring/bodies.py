"""What callers send of mentorships."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, at_path, cross_rule, date_rule, refuse
from services.contracts.incubator.appointments import ConsultantId
from services.contracts.incubator.startups.incubations import IncubationId


def _to_come(day: date, today: date) -> Iterator[Violation]:
    if day < today:
        yield Violation("date_range", "A mentorship begins today or later.")


def _later(until: date | None, before: Before) -> Iterator[Violation]:
    if until is not None and "starts_on" in before and until <= before["starts_on"]:
        yield Violation("date_range", "A mentorship lasts a day or longer: `until` is the first day after it.")


class ProposeMentorship(Part):
    """A consultant who is to stand by a business while it incubates."""

    incubation_id: IncubationId
    """Which business, by its incubation."""
    consultant_id: ConsultantId
    """Who is to mentor it."""
    starts_on: Annotated[Day, date_rule(_to_come, "date_range")]
    """The first day: today or later, and not after the last day of the incubation."""
    until: Annotated[Day | None, cross_rule(_later, "date_range")] = None
    """The first day after it; null for as long as the business incubates."""

    def check_days(self, today: date, ends_on: date) -> None:
        """Raises Unprocessable (`date_range`) where it would begin before today, or after the incubation."""
        wrong = [*_to_come(self.starts_on, today)]
        if self.starts_on > ends_on:
            wrong.append(Violation("date_range", "A mentorship begins while the business incubates."))
        refuse(*at_path(wrong, "starts_on"))
