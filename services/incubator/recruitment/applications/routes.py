"""Job applications over HTTP: the pipeline from a candidate to a hire."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.contracts.incubator.jobs import ApplicationStatus
from services.incubator.callers import Member, Reader
from services.incubator.recruitment.applications import effects
from services.incubator.recruitment.applications.application import JobApplication
from services.incubator.recruitment.applications.bodies import Advance, Apply, Explain, MayExplain
from services.incubator.recruitment.applications.queries import (
    JobApplicationFilter,
    JobApplicationRef,
    on_the_business_side,
    on_the_candidates_side,
    who_applied,
)
from services.incubator.recruitment.applications.views import JobApplicationView
from services.incubator.recruitment.candidates.queries import candidate_named
from services.incubator.recruitment.candidates.views import PersonView
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.queries import PostingRef

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/job-postings/{posting_id}/applications", status_code=201)
@refuses(
    "posting_expired",
    "posting_not_open",
    "candidate_unknown",
    "candidate_erased",
    "consent_missing",
    "already_applied",
    "too_many_applications",
)
async def apply(posting_id: PostingRef, body: Apply, member: Member, tx: InTx) -> JobApplicationView:
    """Put a candidate forward, who agreed to it; each person applies for a posting once."""
    posting = await tx.visible(JobPosting, posting_id)
    candidate = await candidate_named(body.candidate_id, tx)
    return JobApplicationView.of(await effects.apply(posting, candidate, tx))


@router.get("/job-applications")
async def list_job_applications(
    asked: Annotated[JobApplicationFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[JobApplicationView]:
    """The applications for one's own postings, and those of one's own candidates, oldest first."""
    return await page.of(tx, JobApplication, asked.where(), JobApplicationView.of)


@router.get("/job-applications/{application_id}")
async def see_job_application(application_id: JobApplicationRef, reader: Reader, tx: InTx) -> JobApplicationView:
    """One application."""
    return JobApplicationView.of(await tx.visible(JobApplication, application_id))


@router.get("/job-applications/{application_id}/candidate")
@refuses("applicant_not_shown")
async def see_who_applied(application_id: JobApplicationRef, reader: Reader, tx: InTx) -> PersonView:
    """Who applied; the business sees it until six months after the end, and while the consent is not taken back."""
    return PersonView.of(await who_applied(application_id, tx))


@router.post("/job-applications/{application_id}/advance")
@refuses("invalid_transition", "other_side")
async def advance_job_application(
    application_id: JobApplicationRef, body: Advance, member: Member, tx: InTx
) -> JobApplicationView:
    """Go to a later stage, or back to the one before."""
    application, side = await on_the_business_side(application_id, tx)
    application.advance(ApplicationStatus(body.to_status), tx.now, side, body.reason)
    return JobApplicationView.of(tx.save(application))


@router.post("/job-applications/{application_id}/offer")
@refuses("invalid_transition", "other_side")
async def offer_job(
    application_id: JobApplicationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> JobApplicationView:
    """Offer the job to who applied."""
    application, side = await on_the_business_side(application_id, tx)
    application.offer(tx.now, side)
    return JobApplicationView.of(tx.save(application))


@router.post("/job-applications/{application_id}/hire")
@refuses("invalid_transition", "other_side", "no_openings_left", "posting_not_open")
async def hire_candidate(
    application_id: JobApplicationRef, member: Member, tx: InTx, body: Nothing | None = None
) -> JobApplicationView:
    """Give the job to who applied; with the last opening the posting is filled."""
    application, side = await on_the_business_side(application_id, tx)
    return JobApplicationView.of(await effects.hire(application, side, tx))


@router.post("/job-applications/{application_id}/fell-through")
@refuses("invalid_transition", "other_side")
async def take_hire_back(
    application_id: JobApplicationRef, body: Explain, member: Member, tx: InTx
) -> JobApplicationView:
    """Say that who was hired never began: the opening is free again, and the hire does not count."""
    application, side = await on_the_business_side(application_id, tx)
    return JobApplicationView.of(await effects.fall_through(application, side, body.reason, tx))


@router.post("/job-applications/{application_id}/reject")
@refuses("invalid_transition", "other_side")
async def reject_job_application(
    application_id: JobApplicationRef, body: Explain, member: Member, tx: InTx
) -> JobApplicationView:
    """Do not take who applied."""
    application, side = await on_the_business_side(application_id, tx)
    application.reject(tx.now, side, body.reason)
    return JobApplicationView.of(await effects.ended(application, tx))


@router.post("/job-applications/{application_id}/withdraw")
@refuses("invalid_transition", "other_side")
async def withdraw_job_application(
    application_id: JobApplicationRef, member: Member, tx: InTx, body: MayExplain | None = None
) -> JobApplicationView:
    """The candidate does not want it any more."""
    application, side = await on_the_candidates_side(application_id, tx)
    application.withdraw(tx.now, side, body.reason if body else None)
    return JobApplicationView.of(await effects.ended(application, tx))


@router.post("/job-applications/{application_id}/decline")
@refuses("invalid_transition", "other_side")
async def decline_offer(
    application_id: JobApplicationRef, member: Member, tx: InTx, body: MayExplain | None = None
) -> JobApplicationView:
    """The candidate does not take the offer."""
    application, side = await on_the_candidates_side(application_id, tx)
    application.decline(tx.now, side, body.reason if body else None)
    return JobApplicationView.of(await effects.ended(application, tx))
