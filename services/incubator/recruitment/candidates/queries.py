"""How paths and bodies name candidates."""

from typing import Annotated

from fastapi import Depends, Path, Request

from services.chassis.domain.errors import NotFound
from services.chassis.domain.violations import Violation, refusal
from services.chassis.process import Process
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.jobs import CandidateId
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.candidates.email import EmailSeal

CandidateRef = Annotated[CandidateId, Path(description="The candidate, by its id.")]


async def email_seal(request: Request) -> EmailSeal:
    """The seal of addresses, under a secret of the zone."""
    return EmailSeal(Process.of(request).settings.cursor_secret.encode())


InEmailSeal = Annotated[EmailSeal, Depends(email_seal)]
"""By which a route knows whether an address was entered before."""
ConsentNumber = Annotated[int, Path(ge=1, le=1000, description="Which of the candidate's consents, by its number.")]


async def candidate_named(candidate_id: str, tx: Tx) -> Candidate:
    """The candidate that a member `candidate_id` of a body names.

    Raises:
        Unprocessable: `candidate_unknown`, also where it is another partner's.
    """
    try:
        return await tx.visible(Candidate, candidate_id)
    except NotFound:
        raise refusal(Violation("candidate_unknown", "There is no such candidate.", ("candidate_id",))) from None
