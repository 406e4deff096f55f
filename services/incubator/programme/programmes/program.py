"""A programme: what the zone offers young companies for a time, and on which terms."""

from typing import Any, ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import Ownership
from services.contracts.incubator.startups.programmes import ProgramClosed, ProgramId, ProgramOpened
from services.incubator.programme.programmes.form import Criterion, EligibilityRule, PlannedMilestone, Question
from services.incubator.programme.programmes.status import PROGRAM_ACTIONS, PROGRAM_MOVES, P


class Program(Aggregate):
    """A programme of the incubator; a draft is seen by officials alone.

    Attributes:
        questions, criteria, eligibility, milestones: what its next cohort opens with; those that are open keep theirs.
        term_months, extension_months: how long who is enrolled stays, and how much longer an extension lets it.
        extension_notice_days: how many days before the last day an extension is given at the latest.
    """

    collection: ClassVar[str] = "programs"
    shown_to: ClassVar = Ownership("zone", public_while=("status", (P.OPEN.value, P.CLOSED.value)))

    id: ProgramId
    name: str
    offerings: list[str]
    questions: list[Question]
    criteria: list[Criterion]
    eligibility: list[EligibilityRule]
    milestones: list[PlannedMilestone]
    term_months: int
    max_extensions: int
    extension_months: int
    extension_notice_days: int
    status: P = P.DRAFT

    @classmethod
    def plan(cls, **said: Any) -> Self:
        """A new programme; `said` is what `PlanProgram` says of it."""
        return cls(id=new_id("prg"), **said)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(PROGRAM_ACTIONS[self.status])

    @property
    def is_open(self) -> bool:
        """Whether it may have new cohorts."""
        return self.status is P.OPEN

    def change(self, **said: Any) -> None:
        """Say something else of it, for the cohorts that open later. Raises Conflict (`invalid_transition`)."""
        if self.status is P.CLOSED:
            raise invalid_transition(self.status, self.allowed_actions)
        for name, value in said.items():
            setattr(self, name, value)

    def open(self) -> None:
        """Let it have cohorts. Raises Conflict (`invalid_transition`)."""
        self._move(P.OPEN)
        self.record(ProgramOpened(program_id=self.id, name=self.name))

    def close(self) -> None:
        """Let it have no new cohorts. Raises Conflict (`invalid_transition`)."""
        self._move(P.CLOSED)
        self.record(ProgramClosed(program_id=self.id))

    def _move(self, to: P) -> None:
        self.status = move(self.status, to, PROGRAM_MOVES, allowed_actions=self.allowed_actions)
