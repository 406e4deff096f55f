"""What callers see of mentorships."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View, actions
from services.contracts.incubator.appointments import ConsultantId
from services.contracts.incubator.startups.incubations import IncubationId
from services.contracts.incubator.startups.mentorships import MentorshipEnd, MentorshipSide
from services.contracts.incubator.startups.programmes import CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId
from services.incubator.mentorships.mentorship import ACTIONS, Mentorship, MentorshipStatus


class MentorshipView(View):
    """A consultant who stands by a business while it incubates."""

    at: ClassVar[str] = "/v1/incubator/mentorships"

    incubation_id: IncubationId
    """Of which incubation."""
    program_id: ProgramId
    """In which programme."""
    cohort_id: CohortId
    """In which cohort."""
    business_id: BusinessId
    """Which business is mentored."""
    consultant_id: ConsultantId
    """The consultant who mentors the start-up."""
    starts_on: Day
    """Its first day."""
    until: Day | None
    """The first day after it; null for as long as the business incubates."""
    proposed_by: MentorshipSide
    """Which side proposed it: the other one answers."""
    proposed_at: Instant
    """When that was."""
    accepted_at: Instant | None
    """When the other side agreed; null where it did not, or not yet."""
    ended_on: Day | None
    """The day of its end; null while it is live."""
    ended_because: MentorshipEnd | None
    """How it ended; null while it is live."""
    status: MentorshipStatus
    """How far it has come."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, mentorship: Mentorship) -> Self:
        return cls.showing(mentorship)
