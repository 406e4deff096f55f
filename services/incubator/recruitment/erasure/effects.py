"""What ends with a consent, and with all that is known of a person: one commit."""

from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.recruitment.applications.application import JobApplication, Side
from services.incubator.recruitment.applications.effects import ended
from services.incubator.recruitment.candidates.candidate import MOST_APPLICATIONS, Candidate


async def applications_of(candidate: Candidate, tx: Tx) -> list[JobApplication]:
    """All that a candidate ever sent, oldest first."""
    return await tx.select(JobApplication, {"candidate_id": candidate.id}, limit=MOST_APPLICATIONS)


async def take_back(candidate: Candidate, number: int, by: Side, tx: Tx) -> None:
    """Take a consent back; the running applications that rest on it alone are withdrawn.

    Raises:
        Gone: `candidate_erased`.
        NotFound: there is no such consent.
    """
    candidate.take_back(number, tx.now)
    tx.save(candidate)
    for application in await applications_of(candidate, tx):
        if application.is_live and not candidate.agrees_to(application.posting_id, zone_date(tx.now)):
            application.withdraw(tx.now, by)
            await ended(application, tx)


async def erase(candidate: Candidate, by: Side, tx: Tx) -> None:
    """Erase a person: name, address, every reason and every seal; running applications are withdrawn.

    What is counted stays: postings, stages and their days.

    Raises:
        Gone: `candidate_erased`, it was done before.
    """
    candidate.check_known()
    for application in await applications_of(candidate, tx):
        if application.is_live:
            application.withdraw(tx.now, by)
            await ended(application, tx)
        if application.person is not None:
            tx.release(application.claim, application.id)
        application.forget()
        tx.save(application)
    tx.release(candidate.claim, candidate.id)
    candidate.erase(tx.now)
    tx.save(candidate)
