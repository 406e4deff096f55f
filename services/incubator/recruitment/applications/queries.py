"""The filter of a list of job applications, how a path names one, and which side of it a caller is on."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Forbidden, Gone
from services.chassis.domain.times import zone_date
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.jobs import ApplicationStatus, CandidateId, JobApplicationId, PostingId
from services.contracts.registry.businesses import BusinessId
from services.incubator.recruitment.applications.application import JobApplication, Side
from services.incubator.recruitment.candidates.candidate import Candidate

JobApplicationRef = Annotated[JobApplicationId, Path(description="The job application, by its id.")]


class JobApplicationFilter(Filter):
    """By posting, business, candidate and by how far it has come."""

    posting_id: PostingId | None = None
    """For which posting."""
    business_id: BusinessId | None = None
    """Which business seeks people."""
    candidate_id: CandidateId | None = None
    """Who applied."""
    status: ApplicationStatus | None = None
    """How far it has come."""


async def on_the_business_side(application_id: str, tx: Tx) -> tuple[JobApplication, Side]:
    """An application that the posting's partner, or an official, acts on. Raises NotFound, Forbidden (`other_side`)."""
    application = await tx.visible(JobApplication, application_id)
    return application, _side(tx.caller, application.partner_id, Side.BUSINESS)


async def on_the_candidates_side(application_id: str, tx: Tx) -> tuple[JobApplication, Side]:
    """As `on_the_business_side`, of what the candidate's partner does."""
    application = await tx.visible(JobApplication, application_id)
    return application, _side(tx.caller, application.candidate_partner_id, Side.CANDIDATE)


def _side(caller: Caller, partner_id: str, side: Side) -> Side:
    if caller.is_official:
        return Side.ZONE
    if caller.partner_id != partner_id:
        raise Forbidden(f"Only the {side}'s partner, or an official, does this.", code="other_side")
    return side


async def who_applied(application_id: str, tx: Tx) -> Candidate:
    """The candidate of an application that the caller may see, on either side of it.

    Raises:
        NotFound.
        Gone: `applicant_not_shown`, to the business: the consent was taken back, or it ended six months ago.
    """
    application = await tx.visible(JobApplication, application_id)
    candidate, caller = await tx.get(Candidate, application.candidate_id), tx.caller
    is_business = caller.kind == "partner" and caller.partner_id != application.candidate_partner_id
    if is_business and candidate.erased_at is None and not application.is_shown(candidate, zone_date(tx.now)):
        raise Gone("Who applied is not shown to the business any more.", code="applicant_not_shown")
    return candidate
