"""What callers see of programmes and cohorts."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View, actions
from services.contracts.incubator.startups.programmes import ProgramId
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.form import Criterion, EligibilityRule, Form, PlannedMilestone, Question
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.retention import Retention
from services.incubator.programme.programmes.status import COHORT_ACTIONS, PROGRAM_ACTIONS, CohortStatus, ProgramStatus


class ProgramView(View):
    """What the zone offers young companies for a time, and on which terms."""

    at: ClassVar[str] = "/v1/incubator/programs"

    name: str
    """What it is called."""
    offerings: list[str]
    """What who is enrolled gets."""
    questions: list[Question]
    """What applicants of the next cohort are asked."""
    criteria: list[Criterion]
    """By what their applications are judged."""
    eligibility: list[EligibilityRule]
    """Who may apply."""
    milestones: list[PlannedMilestone]
    """What who is enrolled is to reach."""
    term_months: int
    """How many months who is enrolled stays."""
    max_extensions: int
    """How often that can be extended."""
    extension_months: int
    """By how many months each time."""
    extension_notice_days: int
    """How many days before the last day an extension is given at the latest."""
    status: ProgramStatus
    """Whether it has cohorts."""
    allowed_actions: Annotated[list[str], actions(PROGRAM_ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, program: Program) -> Self:
        return cls.showing(program)


class CohortView(View):
    """A programme's round, with a time for applications and a number of seats."""

    at: ClassVar[str] = "/v1/incubator/cohorts"

    program_id: ProgramId
    """Of which programme."""
    name: str
    """What it is called."""
    opens_at: Instant
    """From when applications are taken."""
    closes_at: Instant
    """The first moment at which they are not taken any more."""
    starts_on: Day
    """Its first day."""
    ends_on: Day
    """Its last day."""
    seats: int
    """How many may be accepted."""
    seats_taken: int
    """How many are."""
    reviews_needed: int
    """How many complete reviews an application needs."""
    form: Form | None
    """The form and the rules that hold; null until it opens."""
    retention: Retention
    """What applicants are told before they apply: why they are asked, and how long what they say is known."""
    cancelled_because: str | None
    """Why it does not take place; null where it does."""
    status: CohortStatus
    """Whether it takes applications, judges them, or runs."""
    allowed_actions: Annotated[list[str], actions(COHORT_ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        return cls.showing(cohort, retention=Retention())
