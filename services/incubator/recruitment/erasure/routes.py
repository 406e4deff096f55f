"""Consents taken back and people erased, over HTTP."""

from fastapi import APIRouter

from services.chassis.domain.refusals import refuses
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member
from services.incubator.recruitment.applications.application import Side
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.candidates.queries import CandidateRef, ConsentNumber
from services.incubator.recruitment.candidates.views import CandidateView
from services.incubator.recruitment.erasure import effects

router = APIRouter(prefix="/v1/incubator/candidates", route_class=TransactionalRoute)


@router.post("/{candidate_id}/consents/{number}/withdraw")
@refuses("candidate_erased")
async def withdraw_consent(
    candidate_id: CandidateRef, number: ConsentNumber, member: Member, tx: InTx, body: Nothing | None = None
) -> CandidateView:
    """Take a consent back; the running applications that rest on it alone are withdrawn."""
    candidate = await tx.visible(Candidate, candidate_id)
    await effects.take_back(candidate, number, Side.ZONE if member.is_official else Side.CANDIDATE, tx)
    return CandidateView.of(candidate)


@router.post("/{candidate_id}/erase")
@refuses("candidate_erased")
async def erase_candidate(
    candidate_id: CandidateRef, member: Member, tx: InTx, body: Nothing | None = None
) -> CandidateView:
    """Erase what is known of a person, for good; what was counted stays counted."""
    candidate = await tx.visible(Candidate, candidate_id)
    await effects.erase(candidate, Side.ZONE if member.is_official else Side.CANDIDATE, tx)
    return CandidateView.of(candidate)
