"""Applications judged over HTTP: screened, scored, accepted, rejected, on the waiting list and from it."""

from fastapi import APIRouter

from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Staff
from services.incubator.programme.applications import effects
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.bodies import (
    DeclareConflict,
    RejectApplication,
    ScoreApplication,
    WaitlistApplication,
)
from services.incubator.programme.applications.queries import AdmissionRef, judged
from services.incubator.programme.applications.views import (
    ApplicationView,
    PassedOverView,
    PromotionView,
    RankedApplicationView,
    ScoresView,
)
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.queries import CohortRef

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/applications/{admission_id}/screen")
@refuses("invalid_transition")
async def screen_application(
    admission_id: AdmissionRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ApplicationView:
    """Look at a submitted application; it cannot be reopened any more."""
    application = await tx.visible(Application, admission_id)
    application.screen()
    return ApplicationView.of(tx.save(application))


@router.post("/applications/{admission_id}/interview")
@refuses("invalid_transition")
async def invite_applicant(
    admission_id: AdmissionRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ApplicationView:
    """Invite who applied to an interview."""
    application = await tx.visible(Application, admission_id)
    application.invite()
    return ApplicationView.of(tx.save(application))


@router.post("/applications/{admission_id}/scores")
@refuses(
    "conflict_of_interest",
    "cohort_not_reviewing",
    "invalid_transition",
    "criterion_unknown",
    "key_twice",
    "already_scored",
    "reviews_complete",
)
async def score_application(admission_id: AdmissionRef, body: ScoreApplication, staff: Staff, tx: InTx) -> ScoresView:
    """Give points as a reviewer, once for each criterion, while the cohort is reviewed."""
    application = await judged(admission_id, tx)
    cohort = await tx.visible(Cohort, application.cohort_id)
    cohort.check_reviewing()
    points = body.points(cohort.form_of(application.form_version).criteria)
    application.give(staff, points, cohort)
    return ScoresView.of(tx.save(application), cohort, staff)


@router.get("/applications/{admission_id}/scores")
async def see_scores(admission_id: AdmissionRef, staff: Staff, tx: InTx) -> ScoresView:
    """What reviewers gave; a reviewer sees what others gave after the own review, or once all are complete."""
    application = await tx.visible(Application, admission_id)
    return ScoresView.of(application, await tx.visible(Cohort, application.cohort_id), staff)


@router.post("/applications/{admission_id}/conflicts")
async def declare_conflict(admission_id: AdmissionRef, body: DeclareConflict, staff: Staff, tx: InTx) -> ScoresView:
    """Say that a reviewer is tied to who applies: that one judges it no more, and what was given does not count."""
    application = await tx.visible(Application, admission_id)
    cohort = await tx.visible(Cohort, application.cohort_id)
    application.declare(body.reviewer_id or staff.client_id, body.tie, tx.now, cohort)
    return ScoresView.of(tx.save(application), cohort, staff)


@router.get("/cohorts/{cohort_id}/ranking")
async def rank_applications(cohort_id: CohortRef, staff: Staff, tx: InTx, page: InPage) -> Page[RankedApplicationView]:
    """The applications whose reviews are complete, best first; of equal ones, who submitted first."""
    cohort = await tx.visible(Cohort, cohort_id)
    where = {"cohort_id": cohort.id, "standing": {"$ne": None}}
    by_standing = {"standing": "standing"}
    return await page.of(tx, Application, where, lambda each: RankedApplicationView.of(each, cohort), sorts=by_standing)


@router.post("/applications/{admission_id}/accept")
@refuses("conflict_of_interest", "invalid_transition", "cohort_not_reviewing", "cohort_full")
async def accept_application(
    admission_id: AdmissionRef, staff: Staff, tx: InTx, body: Nothing | None = None
) -> ApplicationView:
    """Give a seat by name: of as many as the cohort has, never more; whoever waits is promoted in order instead."""
    application = await judged(admission_id, tx)
    return ApplicationView.of(await effects.accept(application, tx))


@router.post("/applications/{admission_id}/reject")
@refuses("conflict_of_interest", "invalid_transition")
async def reject_application(
    admission_id: AdmissionRef, body: RejectApplication, staff: Staff, tx: InTx
) -> ApplicationView:
    """Give no seat, with reasons."""
    application = await judged(admission_id, tx)
    return ApplicationView.of(effects.reject(application, list(body.reasons), tx))


@router.post("/applications/{admission_id}/waitlist")
@refuses("conflict_of_interest", "invalid_transition")
async def waitlist_application(
    admission_id: AdmissionRef, staff: Staff, tx: InTx, body: WaitlistApplication | None = None
) -> ApplicationView:
    """Put an application on the waiting list, in the order of rank and of coming on it."""
    application = await judged(admission_id, tx)
    application.wait(tx.now, body.rank if body else None)
    return ApplicationView.of(tx.save(application))


@router.post("/cohorts/{cohort_id}/promote")
@refuses("cohort_not_reviewing", "cohort_full", "nobody_in_line")
async def promote_applicant(cohort_id: CohortRef, staff: Staff, tx: InTx, body: Nothing | None = None) -> PromotionView:
    """Give a free seat to the first in line who may still have it; those who may not are passed over, and named."""
    cohort = await tx.visible(Cohort, cohort_id)
    found = await effects.promote(cohort, tx)
    passed_over = [
        PassedOverView(application_id=application.id, failures=failed) for application, failed in found.passed_over
    ]
    if found.application is None:
        raise Conflict(
            "Nobody in line may have the seat.",
            code="nobody_in_line",
            passed_over=[each.model_dump() for each in passed_over],
        )
    return PromotionView(application_id=found.application.id, passed_over=passed_over)
