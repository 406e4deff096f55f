"""What the incubator tells of jobs: postings to everyone, applications to whose they are, and nobody's name."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.registry.businesses import BusinessId, BusinessKind

POSTINGS = Topic("zone.incubator.postings")
"""Job postings, and what becomes of who applies."""

PostingId = Annotated[str, id_of("jpo")]
JobApplicationId = Annotated[str, id_of("jap")]
CandidateId = Annotated[str, id_of("cnd")]


class EmploymentType(StrEnum):
    """How somebody would work."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    CONTRACT = "contract"
    TEMPORARY = "temporary"
    INTERN = "intern"


class ApplicationStatus(StrEnum):
    """How far an application has come."""

    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEW = "interview"
    OFFER = "offer"
    HIRED = "hired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    FELL_THROUGH = "fell_through"


class JobEvent(Event):
    """What every event of a job says: which posting it is, and by what it is counted."""

    posting_id: PostingId
    business_id: BusinessId
    business_kind: Growing[BusinessKind]
    sector: str
    fresh_graduates_welcome: bool


class Openings(JobEvent):
    """One that says how many are sought, and how many of them were hired."""

    openings: int
    hired: int


class JobPosted(Openings, name="zone.incubator.job.posted.v1", topic=POSTINGS, audience="public"):
    """A business seeks people, until a last day."""

    employment_type: Growing[EmploymentType]
    valid_through: Day


class JobChanged(Openings, name="zone.incubator.job.changed.v1", topic=POSTINGS, audience="public"):
    """Something else is said of a posting, or of how many are sought."""

    employment_type: Growing[EmploymentType]
    valid_through: Day


class JobPaused(Openings, name="zone.incubator.job.paused.v1", topic=POSTINGS, audience="public"):
    """Nobody can apply for now."""


class JobResumed(Openings, name="zone.incubator.job.resumed.v1", topic=POSTINGS, audience="public"):
    """People are sought again: after a pause, or as a filled posting has openings once more."""


class JobFilled(Openings, name="zone.incubator.job.filled.v1", topic=POSTINGS, audience="public"):
    """As many were hired as were sought."""


class JobClosed(Openings, name="zone.incubator.job.closed.v1", topic=POSTINGS, audience="public"):
    """A business seeks nobody any more."""


class JobExpired(Openings, name="zone.incubator.job.expired.v1", topic=POSTINGS, audience="public"):
    """The last day of a posting is over."""


class JobApplicationEvent(JobEvent):
    """What every event of an application says."""

    application_id: JobApplicationId


class JobApplicationReceived(
    JobApplicationEvent, name="zone.incubator.job_application.received.v1", topic=POSTINGS, audience="owner"
):
    """Somebody applied."""


class JobApplicationAdvanced(
    JobApplicationEvent, name="zone.incubator.job_application.advanced.v1", topic=POSTINGS, audience="owner"
):
    """An application stands at another stage, a later one or the one before."""

    from_status: Growing[ApplicationStatus]
    to_status: Growing[ApplicationStatus]


class JobApplicationRejected(
    JobApplicationEvent, name="zone.incubator.job_application.rejected.v1", topic=POSTINGS, audience="owner"
):
    """A business does not take who applied."""


class JobApplicationWithdrawn(
    JobApplicationEvent, name="zone.incubator.job_application.withdrawn.v1", topic=POSTINGS, audience="owner"
):
    """Who applied does not want it any more, took consent back, or is erased."""


class OfferMade(JobApplicationEvent, name="zone.incubator.offer.made.v1", topic=POSTINGS, audience="owner"):
    """A business offers the job to who applied."""


class OfferDeclined(JobApplicationEvent, name="zone.incubator.offer.declined.v1", topic=POSTINGS, audience="owner"):
    """Who was offered the job does not take it."""


class CandidateHired(JobApplicationEvent, name="zone.incubator.candidate.hired.v1", topic=POSTINGS, audience="owner"):
    """Who applied was hired; whether as a fresh graduate is judged on that day."""

    fresh_graduate: bool
    hired_on: Day


class CandidateHireReverted(
    JobApplicationEvent, name="zone.incubator.candidate.hire_reverted.v1", topic=POSTINGS, audience="owner"
):
    """Who was hired never began: the hire does not count. `corrects` is the event that told of it."""

    corrects: str


class CandidateErased(Event, name="zone.incubator.candidate.erased.v1", topic=POSTINGS, audience="owner"):
    """What was known of a person is gone; whoever has a copy of it erases that too."""

    candidate_id: CandidateId
