"""A milestone: what a business that incubates is to reach, by a day."""

from datetime import date
from typing import Self

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict

from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.times import Day
from services.contracts.incubator.startups.incubations import MilestoneId
from services.incubator.programme.incubations.status import MILESTONE_MOVES, M, MilestoneStatus
from services.incubator.programme.programmes.form import PlannedMilestone


class IncubationMilestone(BaseModel):
    """What a business is to reach."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    id: MilestoneId
    """By which it is named."""
    title: str
    """What is to be reached."""
    due_on: Day
    """The last day on which it is in time."""
    mandatory: bool
    """Whether nobody graduates without it."""
    status: MilestoneStatus = M.OPEN
    """Whether it is reached."""
    met_on: Day | None = None
    """When it was; null until then."""
    evidence_url: str | None = None
    """Where that can be seen, where somebody said so."""

    @classmethod
    def planned(cls, plan: PlannedMilestone, starts_on: date) -> Self:
        """As a programme plans it, of one that begins on a day."""
        due_on = starts_on + relativedelta(months=plan.due_after_months)
        return cls.due(plan.title, due_on, mandatory=plan.mandatory)

    @classmethod
    def due(cls, title: str, due_on: date, *, mandatory: bool) -> Self:
        """A new one."""
        return cls(id=new_id("mil"), title=title, due_on=due_on, mandatory=mandatory)

    def met(self, on: date, evidence_url: str | None) -> Self:
        """The same, reached. Raises Conflict (`invalid_transition`)."""
        status = move(self.status, M.MET, MILESTONE_MOVES)
        return self.model_copy(update={"status": status, "met_on": on, "evidence_url": evidence_url})

    def is_missed(self, today: date) -> bool:
        """Whether its day is over, and nobody has noticed."""
        return self.status is M.OPEN and self.due_on < today

    def missed(self) -> Self:
        """The same, not reached in time. Raises Conflict (`invalid_transition`)."""
        return self.model_copy(update={"status": move(self.status, M.MISSED, MILESTONE_MOVES)})
