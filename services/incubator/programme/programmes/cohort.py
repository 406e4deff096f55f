"""A cohort: a programme's next round, with a time for applications and a number of seats."""

from datetime import date, datetime
from typing import Any, ClassVar, Final, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.times import Day, Instant, rfc3339
from services.contracts.incubator.startups.programmes import (
    CohortCancelled,
    CohortClosed,
    CohortCorrected,
    CohortFinished,
    CohortId,
    CohortOpened,
    CohortStarted,
    ProgramId,
)
from services.incubator.programme.programmes.form import Criterion, EligibilityRule, Form, PlannedMilestone, Question
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.status import COHORT_ACTIONS, COHORT_MOVES, SEATING, C

MOST_VERSIONS: Final = 20


class Cohort(Aggregate):
    """A cohort of a programme.

    Attributes:
        opens_at, closes_at: applications are taken in `[opens_at, closes_at)`.
        starts_on, ends_on: its first and last day, of zone time.
        seats, seats_taken: how many may be accepted, and how many are: never more.
        drafts: how many applications were ever begun; each moves it, so that none begins while the cohort ends.
        reviews_needed: how many complete reviews an application needs for its score to be complete.
        forms: the versions of form and rules, from the opening on; only added to.
        milestones: what who is enrolled is to reach, as the programme said at the opening.
        to_withdraw: it was cancelled, and there may be applications or incubations that have not ended yet.
    """

    collection: ClassVar[str] = "cohorts"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("program_id", 1), ("_id", 1)),
        (("status", 1), ("_id", 1)),
        (("to_withdraw", 1), ("_id", 1)),
    )
    validator: ClassVar = {"$expr": {"$lte": ["$seats_taken", "$seats"]}}

    id: CohortId
    program_id: ProgramId
    name: str
    opens_at: Instant
    closes_at: Instant
    starts_on: Day
    ends_on: Day
    seats: int
    seats_taken: int = 0
    drafts: int = 0
    reviews_needed: int
    forms: list[Form] = Field(default=[])
    milestones: list[PlannedMilestone] = Field(default=[])
    cancelled_because: str | None = None
    to_withdraw: bool = False
    status: C = C.PLANNED

    @classmethod
    def plan(cls, program: Program, **said: Any) -> Self:
        """A new cohort; `said` is what `PlanCohort` says of it.

        Raises:
            Conflict: `program_not_open`.
        """
        if not program.is_open:
            raise Conflict("Its programme is not open.", code="program_not_open", program_status=program.status.value)
        return cls(id=new_id("coh"), program_id=program.id, **said)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(COHORT_ACTIONS[self.status])

    @property
    def form(self) -> Form | None:
        """The version of form and rules that holds; None until it opens."""
        return self.forms[-1] if self.forms else None

    def form_of(self, version: int) -> Form:
        """A version of form and rules that holds or held."""
        return self.forms[version - 1]

    def check_open(self, at: datetime) -> Form:
        """The form that holds, while applications are taken.

        Raises:
            Conflict: `cohort_not_open` with `opens_at`; `cohort_closed` with `closes_at`.
        """
        if self.status is C.CANCELLED or self.closes_at <= at or self.status not in (C.PLANNED, C.OPEN):
            raise Conflict(
                "The time for applications is over.", code="cohort_closed", closes_at=rfc3339(self.closes_at)
            )
        if self.status is C.PLANNED or at < self.opens_at or self.form is None:
            raise Conflict("Applications are not taken yet.", code="cohort_not_open", opens_at=rfc3339(self.opens_at))
        return self.form

    def check_reviewing(self) -> None:
        """Raises Conflict (`cohort_not_reviewing`) unless applications are judged now."""
        if self.status is not C.REVIEWING:
            raise Conflict(
                "Applications of this cohort are not judged now.",
                code="cohort_not_reviewing",
                cohort_status=self.status.value,
            )

    def check_seating(self) -> None:
        """Raises Conflict (`cohort_not_reviewing`) unless seats are given and taken now."""
        if self.status not in SEATING:
            self.check_reviewing()

    def check_seat(self) -> None:
        """Raises Conflict unless a seat can be given: `cohort_not_reviewing`, else `cohort_full`."""
        self.check_seating()
        if self.seats_taken >= self.seats:
            raise self.full()

    def full(self) -> Conflict:
        """The refusal of one more than there are seats."""
        return Conflict("All seats are taken.", code="cohort_full", seats=self.seats)

    def open(self, program: Program) -> None:
        """Take applications, by the form and rules that its programme has now; from now on they are frozen."""
        self._move(C.OPEN)
        self.forms = [
            Form(version=1, **{name: getattr(program, name) for name in ("questions", "criteria", "eligibility")})
        ]
        self.milestones = program.milestones
        self.record(
            CohortOpened(
                **self._ids(),
                name=self.name,
                opens_at=self.opens_at,
                closes_at=self.closes_at,
                seats=self.seats,
                form_version=1,
            )
        )

    def correct(
        self,
        *,
        questions: list[Question] | None = None,
        criteria: list[Criterion] | None = None,
        eligibility: list[EligibilityRule] | None = None,
    ) -> None:
        """Correct form or rules while applications are taken: a new version, which drafts must take up.

        Raises:
            Conflict: `invalid_transition`; `too_many_corrections`.
        """
        if self.status is not C.OPEN or self.form is None:
            raise invalid_transition(self.status, self.allowed_actions)
        if len(self.forms) >= MOST_VERSIONS:
            raise Conflict("It was corrected too often.", code="too_many_corrections")
        said = {"questions": questions, "criteria": criteria, "eligibility": eligibility}
        new = {name: value for name, value in said.items() if value is not None}
        corrected = self.form.model_copy(update={**new, "version": self.form.version + 1})
        if not corrected.differences(self.form):
            return
        self.forms = [*self.forms, corrected]
        self.record(CohortCorrected(**self._ids(), form_version=corrected.version))

    def pass_time(self, at: datetime, today: date) -> None:
        """Do what a moment brings: the end of the time for applications, the first day, the end of the last one."""
        if self.status is C.OPEN and self.closes_at <= at:
            self._move(C.REVIEWING)
            self.record(CohortClosed(**self._ids()))
        if self.status is C.REVIEWING and self.starts_on <= today:
            self._move(C.RUNNING)
            self.record(CohortStarted(**self._ids()))
        if self.status is C.RUNNING and self.ends_on < today:
            self._move(C.FINISHED)
            self.record(CohortFinished(**self._ids()))

    def cancel(self, reason: str) -> None:
        """Let it not take place; the clock lets all go who applied or were enrolled.

        Raises:
            Conflict: `invalid_transition`.
        """
        self._move(C.CANCELLED)
        self.cancelled_because, self.to_withdraw = reason, True
        self.record(CohortCancelled(**self._ids()))

    def _move(self, to: C) -> None:
        self.status = move(self.status, to, COHORT_MOVES, allowed_actions=self.allowed_actions)

    def _ids(self) -> dict[str, str]:
        return {"program_id": self.program_id, "cohort_id": self.id}
