"""What a business that is enrolled is to reach, by which days."""

from datetime import date
from typing import Any, Final

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict, NotFound
from services.chassis.domain.growing import Growing
from services.chassis.domain.moves import invalid_transition
from services.chassis.domain.times import Day, Instant
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.startups.incubations import (
    IncubationEvent,
    IncubationId,
    MilestoneAdded,
    MilestoneEvent,
    MilestoneMet,
    MilestoneMissed,
    Outcome,
)
from services.contracts.incubator.startups.programmes import ApplicationId, CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.programme.incubations.milestone import IncubationMilestone
from services.incubator.programme.incubations.status import ACTIONS, LIVE, IncubationStatus, M, S
from services.incubator.programme.incubations.term import IncubationBaseline, Term

MOST_MILESTONES: Final = 60


class Enrolled(Aggregate):
    """A business in a programme, with its term and its milestones.

    Attributes:
        starts_on, ends_on: its first and last day, of zone time.
        next_due_on: the earliest due day of an open milestone, by which the clock finds it; None once it has ended.
        outcome, outcome_on: what was seen last to have become of it, and on which day.
        ended_on, ended_because: the day of graduation or of leaving, and why it left.
        erased_at: when what people wrote of it was forgotten.
    """

    id: IncubationId
    application_id: ApplicationId
    program_id: ProgramId
    cohort_id: CohortId
    partner_id: str
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    starts_on: Day
    ends_on: Day
    term: Term
    extensions: int = 0
    milestones: list[IncubationMilestone]
    next_due_on: Day | None = None
    baseline: IncubationBaseline
    ended_on: Day | None = None
    ended_because: str | None = None
    outcome: Outcome | None = None
    outcome_on: Day | None = None
    erased_at: Instant | None = None
    status: IncubationStatus = S.ACTIVE

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(ACTIONS[self.status])

    @property
    def is_live(self) -> bool:
        """Whether the business incubates."""
        return self.status in LIVE

    def add(self, title: str, due_on: date, *, mandatory: bool) -> None:
        """Let there be one thing more to reach.

        Raises:
            Conflict: `invalid_transition`; `too_many_milestones`.
            Unprocessable: `date_range`, it would be due outside of the incubation.
        """
        self._check_live()
        if len(self.milestones) >= MOST_MILESTONES:
            raise Conflict("There are too many milestones.", code="too_many_milestones")
        if not self.starts_on <= due_on <= self.ends_on:
            refuse(Violation("date_range", "A milestone is due while the business incubates.", ("due_on",)))
        new = IncubationMilestone.due(title, due_on, mandatory=mandatory)
        self.milestones = [*self.milestones, new]
        self._tell_of(new, MilestoneAdded)
        self._look_ahead()

    def meet(self, milestone_id: str, today: date, evidence_url: str | None) -> None:
        """A milestone is reached, in time or late.

        Raises:
            NotFound: there is no such milestone.
            Conflict: `invalid_transition`.
        """
        self._check_live()
        for each in self.milestones:
            if each.id == milestone_id:
                self._replace(each.met(today, evidence_url))
                self._tell_of(each, MilestoneMet, met_on=today)
                return
        raise NotFound

    def miss(self, today: date) -> None:
        """Each open milestone whose day is over is missed; nothing happens once it has ended."""
        for each in self.milestones if self.is_live else ():
            if each.is_missed(today):
                self._replace(each.missed())
                self._tell_of(each, MilestoneMissed)

    def _check_live(self) -> None:
        if not self.is_live:
            raise invalid_transition(self.status, self.allowed_actions)

    def _replace(self, milestone: IncubationMilestone) -> None:
        self.milestones = [milestone if each.id == milestone.id else each for each in self.milestones]
        self._look_ahead()

    def _look_ahead(self) -> None:
        open_ones = [each.due_on for each in self.milestones if each.status is M.OPEN]
        self.next_due_on = min(open_ones, default=None) if self.is_live else None

    def _tell_of(self, milestone: IncubationMilestone, told: type[MilestoneEvent], **more: Any) -> None:
        self._tell(told, milestone_id=milestone.id, mandatory=milestone.mandatory, due_on=milestone.due_on, **more)

    def _tell(self, told: type[IncubationEvent], **more: Any) -> None:
        self.record(
            told(
                incubation_id=self.id,
                program_id=self.program_id,
                cohort_id=self.cohort_id,
                business_id=self.business_id,
                business_kind=self.business_kind,
                sector=self.sector,
                **more,
            )
        )
