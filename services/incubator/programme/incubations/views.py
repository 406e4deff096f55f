"""What callers see of incubations."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View, actions
from services.contracts.incubator.startups.incubations import Outcome
from services.contracts.incubator.startups.programmes import ApplicationId, CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.programme.incubations.milestone import IncubationMilestone
from services.incubator.programme.incubations.status import ACTIONS, IncubationStatus
from services.incubator.programme.incubations.term import IncubationBaseline, Term


class IncubationView(View):
    """A business in a programme, from its first day to what became of it."""

    at: ClassVar[str] = "/v1/incubator/incubations"
    shown_once: ClassVar[frozenset[str]] = frozenset({"milestones", "ended_because"})

    application_id: ApplicationId
    """From which application it came."""
    program_id: ProgramId
    """In which programme."""
    cohort_id: CohortId
    """In which cohort."""
    business_id: BusinessId
    """The business that incubates."""
    starts_on: Day
    """Its first day."""
    ends_on: Day
    """Its last day, included."""
    term: Term
    """For how long it incubates, and how that is extended."""
    extensions: int
    """How often that was extended."""
    milestones: list[IncubationMilestone] | None
    """What it is to reach; null in the answer to a request that is repeated, as people wrote where that can be seen."""
    baseline: IncubationBaseline
    """With what figures it began."""
    ended_on: Day | None
    """When it graduated or left; null while it incubates."""
    ended_because: str | None
    """Why it left, where that was said; null once erased, and as `milestones` is."""
    erased_at: Instant | None
    """When what people wrote of it was erased; null before."""
    outcome: Outcome | None
    """What was seen last to have become of it; null until somebody looked."""
    outcome_on: Day | None
    """On which day that was so."""
    status: IncubationStatus
    """Whether it incubates, and how that ended."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, incubation: Incubation) -> Self:
        return cls.showing(incubation)
