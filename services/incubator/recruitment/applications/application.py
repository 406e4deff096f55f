"""A job application: how a candidate comes to a job, or does not."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Day, Instant, zone_date
from services.contracts.incubator.jobs import (
    ApplicationStatus,
    CandidateHired,
    CandidateHireReverted,
    CandidateId,
    JobApplicationAdvanced,
    JobApplicationEvent,
    JobApplicationReceived,
    JobApplicationRejected,
    JobApplicationWithdrawn,
    OfferDeclined,
    OfferMade,
    PostingId,
)
from services.contracts.registry.businesses import BusinessId
from services.incubator.recruitment.applications.status import ACTIONS, LIVE, MOVES, S
from services.incubator.recruitment.candidates.candidate import RETENTION, Candidate
from services.incubator.recruitment.postings.posting import JobPosting


class Side(StrEnum):
    """Who moved an application."""

    BUSINESS = "business"
    CANDIDATE = "candidate"
    ZONE = "zone"


class StageChange(BaseModel):
    """One move of an application."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    from_status: ApplicationStatus | None
    """From which stage; null as it was received."""
    to_status: ApplicationStatus
    """The stage that it came to."""
    at: Instant
    """The moment at which it moved on."""
    by: Side
    """Which side moved it: the business, the candidate or the zone."""
    reason: str | None = None
    """Why, where that was said; null once the person is erased."""


class JobApplication(Aggregate):
    """A job application.

    Attributes:
        partner_id, candidate_partner_id: whose the posting's business is, and who entered the candidate; both see it.
        person: the seal of the candidate's address as it applied; None once erased.
        dimensions: of its posting; by them its events are counted.
        history: its moves, oldest first; only added to.
        hired_event_id: the event that told of the hire.
        rests_through: six months after its last move; after that it ends where its posting seeks nobody any more.
            None once it is decided.
    """

    collection: ClassVar[str] = "job_applications"
    shown_to: ClassVar = owned_by("partner_id", "candidate_partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("posting_id", 1), ("_id", 1)),
        (("candidate_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("candidate_partner_id", 1), ("_id", 1)),
        (("rests_through", 1), ("_id", 1)),
    )

    posting_id: PostingId
    business_id: BusinessId
    candidate_id: CandidateId
    partner_id: str
    candidate_partner_id: str
    person: str | None
    dimensions: dict[str, Any]
    status: ApplicationStatus = S.APPLIED
    history: list[StageChange]
    hired_event_id: str | None = None
    rests_through: Day | None = None

    @classmethod
    def receive(cls, posting: JobPosting, candidate: Candidate, at: datetime, by: Side) -> Self:
        """A new application of somebody who agreed to it."""
        application = cls(
            id=new_id("jap"),
            posting_id=posting.id,
            business_id=posting.business_id,
            candidate_id=candidate.id,
            partner_id=posting.partner_id,
            candidate_partner_id=candidate.partner_id,
            person=candidate.person,
            dimensions=posting.dimensions(),
            history=[StageChange(from_status=None, to_status=S.APPLIED, at=at, by=by)],
        )
        application.rest(zone_date(at))
        application._tell(JobApplicationReceived)
        return application

    @property
    def claim(self) -> str:
        """By which a person applies for a posting once, whoever enters the person."""
        return f"applied|{self.posting_id}|{self.person}"

    @property
    def is_live(self) -> bool:
        """Whether it is decided yet."""
        return self.status in LIVE

    def is_shown(self, candidate: Candidate, today: date) -> bool:
        """Whether its business may know who applied: until six months after its end, while the person agrees to it."""
        in_time = self.is_live or today <= zone_date(self.history[-1].at) + RETENTION
        return in_time and candidate.lets_know(self.posting_id)

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(ACTIONS[self.status])

    def advance(self, to: ApplicationStatus, at: datetime, by: Side, reason: str | None) -> None:
        """Go to a later stage, or back to the one before. Raises Conflict (`invalid_transition`)."""
        before = self.status
        self._move(to, at, by, reason)
        self._tell(JobApplicationAdvanced, from_status=before, to_status=to)

    def offer(self, at: datetime, by: Side) -> None:
        """Offer the job. Raises Conflict (`invalid_transition`)."""
        self._move(S.OFFER, at, by)
        self._tell(OfferMade)

    def reject(self, at: datetime, by: Side, reason: str) -> None:
        """Do not take the candidate. Raises Conflict (`invalid_transition`)."""
        self._move(S.REJECTED, at, by, reason)
        self._tell(JobApplicationRejected)

    def withdraw(self, at: datetime, by: Side, reason: str | None = None) -> None:
        """The candidate does not want it any more. Raises Conflict (`invalid_transition`)."""
        self._move(S.WITHDRAWN, at, by, reason)
        self._tell(JobApplicationWithdrawn)

    def decline(self, at: datetime, by: Side, reason: str | None) -> None:
        """The candidate does not take the offer. Raises Conflict (`invalid_transition`)."""
        self._move(S.DECLINED, at, by, reason)
        self._tell(OfferDeclined)

    def hire(self, at: datetime, by: Side, *, fresh_graduate: bool, hired_on: date) -> None:
        """The candidate gets the job. Raises Conflict (`invalid_transition`)."""
        self._move(S.HIRED, at, by)
        self._tell(CandidateHired, fresh_graduate=fresh_graduate, hired_on=hired_on)
        self.hired_event_id = self.last_event_id

    def fall_through(self, at: datetime, by: Side, reason: str) -> None:
        """Who was hired never began. Raises Conflict (`invalid_transition`)."""
        self._move(S.FELL_THROUGH, at, by, reason)
        self._tell(CandidateHireReverted, corrects=self.hired_event_id)

    def rest(self, today: date) -> None:
        """It is waited for half a year from a day on, where it is not decided."""
        self.rests_through = today + RETENTION if self.is_live else None

    def forget(self) -> None:
        """Nothing that was written of the person is kept; the stages and their days are."""
        self.person = None
        self.history = [each.model_copy(update={"reason": None}) for each in self.history]

    def _move(self, to: ApplicationStatus, at: datetime, by: Side, reason: str | None = None) -> None:
        before, self.status = self.status, move(self.status, to, MOVES, allowed_actions=self.allowed_actions)
        self.rest(zone_date(at))
        said = reason if self.person is not None else None  # nothing is written anew of who is erased
        self.history = [*self.history, StageChange(from_status=before, to_status=to, at=at, by=by, reason=said)]

    def _tell(self, told: type[JobApplicationEvent], **more: Any) -> None:
        self.record(told(application_id=self.id, **self.dimensions, **more))
