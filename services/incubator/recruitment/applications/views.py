"""What callers see of job applications."""

from typing import Annotated, ClassVar, Self

from services.chassis.http.view import View, actions
from services.contracts.incubator.jobs import ApplicationStatus, CandidateId, PostingId
from services.contracts.registry.businesses import BusinessId
from services.incubator.recruitment.applications.application import JobApplication, StageChange
from services.incubator.recruitment.applications.status import ACTIONS


class JobApplicationView(View):
    """How a candidate comes to a job, or does not."""

    at: ClassVar[str] = "/v1/incubator/job-applications"
    shown_once: ClassVar[frozenset[str]] = frozenset({"history"})

    posting_id: PostingId
    """For which posting."""
    business_id: BusinessId
    """Which business seeks people by it."""
    candidate_id: CandidateId
    """The candidate who applied."""
    status: ApplicationStatus
    """How far it has come."""
    history: list[StageChange] | None
    """Its moves, oldest first; null in the answer to a request that is repeated, as they hold words about a person."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, application: JobApplication) -> Self:
        return cls.showing(application)
