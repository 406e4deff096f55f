"""What callers see of applications."""

from typing import Annotated, ClassVar, Self

from services.chassis.domain.caller import Caller
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, Tagged, View, actions
from services.contracts.incubator.startups.programmes import AdmissionStatus, ApplicationId, CohortId, ProgramId
from services.contracts.registry.businesses import BusinessId
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.founder import Failure, Founder
from services.incubator.programme.applications.review import ApplicationReview, ConflictOfInterest
from services.incubator.programme.applications.status import ACTIONS
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.retention import FoundersPurpose


class ApplicationView(View):
    """An application for a cohort; what tells of people is null in the answer to a request that is repeated."""

    at: ClassVar[str] = "/v1/incubator/applications"
    shown_once: ClassVar[frozenset[str]] = frozenset({"founders", "answers", "reasons"})

    program_id: ProgramId
    """For which programme."""
    cohort_id: CohortId
    """For which cohort."""
    business_id: BusinessId | None
    """Which business applies; null where a team has none yet."""
    founders: list[Founder] | None
    """Who founds it; null once erased."""
    answers: dict[str, str] | None
    """Question → answer; null once erased."""
    form_version: int
    """The version of the cohort's form that it is written for, and judged by."""
    submitted_at: Instant | None
    """When it was submitted; null of a draft."""
    decided_at: Instant | None
    """When it was decided last; null until then."""
    reasons: list[str] | None
    """Why it was rejected or withdrawn."""
    rank: int
    """Its rank on the waiting list, where it stands there: lower ones come first."""
    waitlisted_at: Instant | None
    """When it came on the waiting list; null where it never did."""
    purpose: FoundersPurpose
    """For what founders and answers are asked, and for nothing else."""
    erase_after: Day | None
    """The last day on which founders, answers and reasons are known; null once it is enrolled, or they are erased."""
    erased_at: Instant | None
    """When what was known of its founders was erased; null while it is known."""
    status: AdmissionStatus
    """How far it has come."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, application: Application) -> Self:
        return cls.showing(application, purpose=FoundersPurpose.ADMISSION)


class RankedApplicationView(Shown):
    """The place of an application among those whose reviews are complete."""

    application_id: ApplicationId
    """The application that has this rank."""
    score: str
    """The weighted mean of its reviews, from 0 to 5, with four decimals."""
    status: AdmissionStatus
    """How far it has come."""

    @classmethod
    def of(cls, application: Application, cohort: Cohort) -> Self:
        return cls(application_id=application.id, score=application.score(cohort).text or "", status=application.status)


class ScoresView(Tagged):
    """What reviewers gave to an application; of others a reviewer sees it after the own review."""

    application_id: ApplicationId
    """Of which application."""
    score: str | None
    """The weighted mean of the complete reviews, from 0 to 5, with four decimals; null where it is not shown yet."""
    complete: bool
    """Whether as many reviews are complete as are needed; a score that is not complete is of what is there."""
    reviews: int
    """How many reviews are complete."""
    reviews_needed: int
    """How many are needed."""
    given: list[ApplicationReview]
    """The reviews that the caller may see."""
    conflicts: list[ConflictOfInterest]
    """Who is tied to who applies; what those gave does not count."""

    @classmethod
    def of(cls, application: Application, cohort: Cohort, caller: Caller) -> Self:
        now, reviews = application.score(cohort), application.reviews
        own = reviews.of(caller.client_id)
        criteria = cohort.form_of(application.form_version).criteria
        is_open = now.complete or own.is_complete(criteria)
        return cls(
            application_id=application.id,
            score=now.text if is_open else None,
            complete=now.complete,
            reviews=now.reviews,
            reviews_needed=cohort.reviews_needed,
            given=[each for each in reviews.given if is_open or each.reviewer_id == caller.client_id],
            conflicts=list(reviews.conflicts),
        )


class PassedOverView(Shown):
    """An application that was passed over on the waiting list."""

    application_id: ApplicationId
    """The application that was passed over."""
    failures: list[Failure]
    """The rules that it does not meet any more."""


class PromotionView(Shown):
    """Who was given a seat from the waiting list."""

    application_id: ApplicationId
    """The first in line who may still have it."""
    passed_over: list[PassedOverView]
    """Those before it, who may not."""
