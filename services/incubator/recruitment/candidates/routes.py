"""Candidates over HTTP: entered with what they agreed to."""

from fastapi import APIRouter

from services.chassis.domain.errors import Conflict
from services.chassis.domain.refusals import refuses
from services.chassis.domain.times import zone_date
from services.chassis.domain.violations import refuse
from services.chassis.http.headers.idempotency import InLost
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.recruitment.candidates.bodies import ChangeCandidate, EnterCandidate, check_days
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.candidates.consent import GiveConsent
from services.incubator.recruitment.candidates.queries import CandidateRef, InEmailSeal
from services.incubator.recruitment.candidates.views import CandidateView

router = APIRouter(prefix="/v1/incubator/candidates", route_class=TransactionalRoute)


def entered() -> Conflict:
    return Conflict("A candidate with this e-mail address was entered already.", code="candidate_exists")


@router.post("", status_code=201)
@refuses("candidate_exists")
async def enter_candidate(
    body: EnterCandidate, member: Member, tx: InTx, seal: InEmailSeal, lost: InLost
) -> CandidateView:
    """Enter a person who looks for work, with what the person agreed to; each partner enters an address once.

    A repeat under its `Idempotency-Key` shows the person again within ten minutes; later the members that say who it
    is are null.
    """
    if lost is not None:
        return CandidateView.of(await tx.visible(Candidate, lost["id"]))
    check_days(body, zone_date(tx.now))
    person = seal.of(body.email)
    candidate = Candidate.enter(
        partner_id=member.partner_id,
        name=body.name,
        email=body.email,
        graduated_on=body.graduated_on,
        person=person,
        at=tx.now,
    )
    for consent in body.consents:
        candidate.give(consent, tx.now)
    tx.claim(candidate.claim, candidate.id, taken=entered())
    return CandidateView.of(tx.save(candidate))


@router.get("")
async def list_candidates(reader: Reader, tx: InTx, page: InPage) -> Page[CandidateView]:
    """The candidates that the caller entered, oldest first."""
    return await page.of(tx, Candidate, {}, CandidateView.of)


@router.get("/{candidate_id}")
async def see_candidate(candidate_id: CandidateRef, reader: Reader, tx: InTx) -> CandidateView:
    """One candidate."""
    return CandidateView.of(await tx.visible(Candidate, candidate_id))


@router.patch("/{candidate_id}")
@refuses("candidate_exists", "candidate_erased")
async def change_candidate(
    candidate_id: CandidateRef, body: ChangeCandidate, member: Member, tx: InTx, seal: InEmailSeal
) -> CandidateView:
    """Say something else of a person."""
    candidate = await tx.visible(Candidate, candidate_id)
    check_days(body, zone_date(tx.now))
    candidate.check_known()
    before = candidate.claim
    said = {name: getattr(candidate, name) for name in ChangeCandidate.model_fields}
    said |= {name: getattr(body, name) for name in body.model_fields_set}
    candidate.change(**said, person=seal.of(said["email"]))
    if candidate.claim != before:
        tx.claim(candidate.claim, candidate.id, taken=entered())
        tx.release(before, candidate.id)
    return CandidateView.of(tx.save(candidate))


@router.post("/{candidate_id}/consents")
@refuses("candidate_erased", "too_many_consents")
async def give_consent(candidate_id: CandidateRef, body: GiveConsent, member: Member, tx: InTx) -> CandidateView:
    """Enter what a person agreed to."""
    candidate = await tx.visible(Candidate, candidate_id)
    refuse(*body.too_long(zone_date(tx.now)))
    candidate.give(body, tx.now)
    return CandidateView.of(tx.save(candidate))
