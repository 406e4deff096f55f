"""What callers see of postings."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import View, actions
from services.contracts.incubator.jobs import EmploymentType
from services.contracts.registry.businesses import BusinessId
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.status import ACTIONS, PostingStatus
from services.incubator.recruitment.postings.terms import RemoteWork, Salary, Workplace


class PostingView(View):
    """A job for which a business seeks people."""

    at: ClassVar[str] = "/v1/incubator/job-postings"

    business_id: BusinessId
    """Which business seeks them."""
    title: str
    """What the job is called."""
    description: str
    """What it is, in plain text."""
    employment_type: EmploymentType
    """Full time, part time, or how else somebody would work."""
    openings: int
    """How many are sought."""
    hired: int
    """How many of them were hired."""
    location: Workplace | None
    """Where it is done; null where it is done remotely."""
    remote: RemoteWork | None
    """From where it may be done remotely; null where it is done at a location."""
    salary: Salary | None
    """What it pays; null where that is not said."""
    valid_through: Day
    """The last day on which somebody can apply."""
    skills: list[str]
    """What is asked for."""
    fresh_graduates_welcome: bool
    """Whether people who have just graduated are meant too."""
    posted_at: Instant | None
    """When it was published first; null of a draft."""
    status: PostingStatus
    """Whether people are sought by it."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, posting: JobPosting) -> Self:
        return cls.showing(posting)
