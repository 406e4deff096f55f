"""What an act on an application does to it, to its posting and to its candidate: one commit."""

from services.chassis.domain.errors import Conflict
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.recruitment.applications.application import JobApplication, Side
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.tenants.tenant import Tenant, tenant_id


async def apply(posting: JobPosting, candidate: Candidate, tx: Tx) -> JobApplication:
    """Put a candidate forward for a posting.

    Raises:
        Conflict: `posting_expired`, `posting_not_open`, `consent_missing`, `too_many_applications`; `already_applied`,
            also where another partner put the same person forward.
        Gone: `candidate_erased`.
    """
    today = zone_date(tx.now)
    posting.check_open(today)
    candidate.apply(posting.id, today)
    side = Side.ZONE if tx.caller.is_official else Side.CANDIDATE
    application = JobApplication.receive(posting, candidate, tx.now, side)
    taken = Conflict("This person applied for this posting already.", code="already_applied")
    tx.claim(application.claim, application.id, taken=taken)
    tx.save(candidate)
    return tx.save(application)


async def ended(application: JobApplication, tx: Tx) -> JobApplication:
    """Keep an application that has come to an end, and count for its candidate from when on."""
    candidate = await tx.get(Candidate, application.candidate_id)
    candidate.application_ended(zone_date(tx.now))
    tx.save(candidate)
    return tx.save(application)


async def hire(application: JobApplication, by: Side, tx: Tx) -> JobApplication:
    """Give the job to who applied; with the last opening the posting is filled.

    Raises:
        Conflict: `invalid_transition`, `no_openings_left`, `posting_not_open`.
    """
    posting = await tx.get(JobPosting, application.posting_id)
    candidate = await tx.get(Candidate, application.candidate_id)
    today = zone_date(tx.now)
    application.hire(tx.now, by, fresh_graduate=candidate.is_fresh_graduate(today), hired_on=today)
    posting.hire()
    tx.save(posting)
    return await ended(application, tx)


async def fall_through(application: JobApplication, by: Side, reason: str, tx: Tx) -> JobApplication:
    """Take a hire back: who was hired never began. Raises Conflict (`invalid_transition`)."""
    application.fall_through(tx.now, by, reason)
    posting = await tx.get(JobPosting, application.posting_id)
    tenant = await tx.get(Tenant, tenant_id(posting.business_id))
    posting.give_back(zone_date(tx.now), may_trade=tenant.may_trade)
    tx.save(posting)
    return tx.save(application)
