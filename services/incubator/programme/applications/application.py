"""An application for a cohort: who founds what, judged by rules that do not move under it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import Field

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import new_id
from services.chassis.domain.moves import invalid_transition, move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.times import Instant, rfc3339, zone_date
from services.contracts.incubator.startups.programmes import (
    AdmissionStatus,
    ApplicationAccepted,
    ApplicationErased,
    ApplicationEvent,
    ApplicationId,
    ApplicationInvited,
    ApplicationRejected,
    ApplicationReopened,
    ApplicationScored,
    ApplicationScreened,
    ApplicationSubmitted,
    ApplicationWaitlisted,
    ApplicationWithdrawn,
    CohortId,
    ProgramId,
)
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.programme.applications.review import Reviews, Score, Tie
from services.incubator.programme.applications.status import ACTIONS, LAST_RANK, LIVE, MOVES, SCORABLE, S
from services.incubator.programme.applications.written import Written
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.form import Form
from services.incubator.programme.programmes.retention import known_through
from services.incubator.tenants.tenant import Tenant


class Application(Written):
    """An application for a cohort.

    Attributes:
        business_id, business_kind, sector: of the business; None where a team applies that has none yet.
        reviews: what reviewers gave, and who of them may not judge it.
        standing: by which complete ones are ranked, best first, ties by submission; None while it is not complete.
        rank, waitlisted_at: its place on the waiting list.
        vacated: it gave a seat back that nobody from the waiting list was given yet.
    """

    collection: ClassVar[str] = "programme_applications"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("cohort_id", 1), ("status", 1), ("rank", 1), ("waitlisted_at", 1), ("_id", 1)),
        (("cohort_id", 1), ("standing", 1), ("_id", 1)),
        (("business_id", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
        (("vacated", 1), ("_id", 1)),
        (("erase_after", 1), ("_id", 1)),
    )

    id: ApplicationId
    program_id: ProgramId
    cohort_id: CohortId
    partner_id: str
    business_id: BusinessId | None = None
    business_kind: Growing[BusinessKind] | None = None
    sector: str | None = None
    submitted_at: Instant | None = None
    decided_at: Instant | None = None
    reviews: Reviews = Field(default=Reviews())
    standing: str | None = None
    rank: int = LAST_RANK
    waitlisted_at: Instant | None = None
    vacated: bool = False
    status: AdmissionStatus = S.DRAFT

    @classmethod
    def draft(cls, cohort: Cohort, form: Form, partner_id: str, **said: Any) -> Self:
        """A new application that can be changed until it is submitted; it is judged by the form that holds now."""
        return cls(
            id=new_id("app"),
            program_id=cohort.program_id,
            cohort_id=cohort.id,
            partner_id=partner_id,
            form_version=form.version,
            erase_after=known_through(cohort.ends_on),
            **said,
        )

    @property
    def allowed_actions(self) -> list[str]:
        """What can be done to it by its status."""
        return list(ACTIONS[self.status])

    @property
    def claim(self) -> str | None:
        """By which a business has one application for a cohort; None where there is no business."""
        return self.business_id and self.claim_of(self.business_id)

    def claim_of(self, business_id: str) -> str:
        """By which this business has one application for the same cohort."""
        return f"programme|{self.cohort_id}|{business_id}"

    @property
    def is_live(self) -> bool:
        """Whether it can still come to something, or be withdrawn."""
        return self.status in LIVE

    def check_draft(self) -> None:
        """Raises Conflict (`invalid_transition`) unless it can be changed."""
        if self.status is not S.DRAFT:
            raise invalid_transition(self.status, self.allowed_actions)

    def apply_for(self, tenant: Tenant | None) -> None:
        """Name the business that applies; it stays the same from the first submission on.

        Raises:
            Conflict: `business_settled`; `other_partners_business`.
        """
        business_id = tenant.business_id if tenant else None
        if business_id == self.business_id:
            return
        if self.sequence:
            raise Conflict("It was submitted for another business.", code="business_settled")
        if tenant is not None and tenant.partner_id != self.partner_id:
            raise Conflict("This business is another partner's.", code="other_partners_business")
        self.business_id = business_id
        self.business_kind, self.sector = (tenant.kind, tenant.sector) if tenant else (None, None)

    def submit(self, at: datetime) -> None:
        """Hand it in. Raises Conflict (`invalid_transition`)."""
        self._move(S.SUBMITTED)
        self.submitted_at = at
        self._tell(ApplicationSubmitted, form_version=self.form_version)

    def reopen(self) -> None:
        """Take it back to change it. Raises Conflict (`invalid_transition`)."""
        self._move(S.DRAFT)
        self.submitted_at = None
        self._tell(ApplicationReopened)

    def screen(self) -> None:
        """Look at it. Raises Conflict (`invalid_transition`)."""
        self._move(S.SCREENING)
        self._tell(ApplicationScreened)

    def invite(self) -> None:
        """Invite to an interview. Raises Conflict (`invalid_transition`)."""
        self._move(S.INTERVIEW)
        self._tell(ApplicationInvited)

    def accept(self, at: datetime) -> None:
        """Give it a seat; that there is one, its cohort decides. Raises Conflict (`invalid_transition`)."""
        from_list = self.status is S.WAITLISTED
        self._decide(S.ACCEPTED, at)
        self._tell(ApplicationAccepted, from_waiting_list=from_list)

    def reject(self, at: datetime, reasons: Sequence[str]) -> None:
        """Give it no seat. Raises Conflict (`invalid_transition`)."""
        self._decide(S.REJECTED, at)
        self.reasons = list(reasons)
        self.end(zone_date(at))
        self._tell(ApplicationRejected)

    def wait(self, at: datetime, rank: int | None) -> None:
        """Put it on the waiting list. Raises Conflict (`invalid_transition`)."""
        self._decide(S.WAITLISTED, at)
        self.rank, self.waitlisted_at = LAST_RANK if rank is None else rank, at
        self._tell(ApplicationWaitlisted)

    def withdraw(self, at: datetime, reason: str | None) -> bool:
        """It is not wanted any more. Returns whether it had a seat. Raises Conflict (`invalid_transition`)."""
        had_seat = self.status is S.ACCEPTED
        self._move(S.WITHDRAWN)
        self.reasons, self.vacated = [reason] if reason else [], had_seat
        self.end(zone_date(at))
        self._tell(ApplicationWithdrawn, had_seat=had_seat)
        return had_seat

    def enrol(self) -> None:
        """It has become an incubation, which tells of it. Raises Conflict (`invalid_transition`)."""
        self._move(S.ENROLLED)
        self.erase_after = None

    def erase(self, at: datetime) -> None:
        """Nothing is known of its founders any more. Raises Gone (`founders_erased`) the second time."""
        self.forget(at)
        self._tell(ApplicationErased)

    def check_untied(self, judge: Caller) -> None:
        """Raises Forbidden (`conflict_of_interest`) where who judges is tied to who applies."""
        if judge.partner_id == self.partner_id or self.reviews.is_tied(judge.client_id):
            raise Forbidden("Who is tied to who applies does not judge it.", code="conflict_of_interest")

    def declare(self, reviewer_id: str, tie: Tie, at: datetime, cohort: Cohort) -> None:
        """A reviewer is tied to who applies: what that one gave does not count."""
        self.reviews = self.reviews.declaring(reviewer_id, tie, at)
        self._stand(cohort)

    def give(self, reviewer: Caller, points: Mapping[str, int], cohort: Cohort) -> None:
        """A reviewer gives points: once for each criterion, and none once there are as many reviews as are needed.

        Raises:
            Forbidden: `conflict_of_interest`.
            Conflict: `cohort_not_reviewing`, `invalid_transition`, `already_scored`, `reviews_complete`.
        """
        self.check_untied(reviewer)
        cohort.check_reviewing()
        if self.status not in SCORABLE:
            raise invalid_transition(self.status, self.allowed_actions)
        self.reviews = self.reviews.giving(reviewer.client_id, points, self.score(cohort))
        now = self._stand(cohort)
        self._tell(ApplicationScored, reviews=now.reviews, complete=now.complete)

    def score(self, cohort: Cohort) -> Score:
        """The score by the reviews of those who may judge it."""
        return self.reviews.score(cohort.form_of(self.form_version).criteria, cohort.reviews_needed)

    def _stand(self, cohort: Cohort) -> Score:
        now = self.score(cohort)
        best_first = 10**9 - now.millionths if now.millionths is not None and now.complete else None
        submitted = rfc3339(self.submitted_at) if self.submitted_at else ""
        self.standing = None if best_first is None else f"{best_first}|{submitted}"
        return now

    def _decide(self, to: S, at: datetime) -> None:
        self._move(to)
        self.decided_at = at

    def _move(self, to: S) -> None:
        self.status = move(self.status, to, MOVES, allowed_actions=self.allowed_actions)

    def _tell(self, told: type[ApplicationEvent], **more: Any) -> None:
        self.record(
            told(
                application_id=self.id,
                program_id=self.program_id,
                cohort_id=self.cohort_id,
                business_id=self.business_id,
                business_kind=self.business_kind,
                sector=self.sector,
                **more,
            )
        )
