"""What time does to what is known of people."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.recruitment.applications.application import JobApplication, Side
from services.incubator.recruitment.applications.effects import ended
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.erasure import effects
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.tenants.queries import is_leaving


async def end_forgotten(now: datetime, new_tx: NewTx) -> None:
    """An application that nobody moved for six months, of a posting that seeks nobody any more, is withdrawn; it may
    run twice, or late.
    """
    today = zone_date(now)

    async def end(application: JobApplication, tx: Tx) -> None:
        if application.rests_through is None or application.rests_through >= today:
            return
        posting = await tx.get(JobPosting, application.posting_id)
        if posting.seeks(today) and not await is_leaving(posting.business_id, tx):
            application.rest(today)
            tx.save(application)
        else:
            application.withdraw(tx.now, Side.ZONE)
            await ended(application, tx)

    await for_each(JobApplication, {"rests_through": {"$lt": today}}, end, new_tx)


async def erase_unneeded(now: datetime, new_tx: NewTx) -> None:
    """A person whom nobody has a reason to know any more is erased; it may run twice, or late."""
    today = zone_date(now)

    async def erase(candidate: Candidate, tx: Tx) -> None:
        if candidate.erase_after is not None and candidate.erase_after < today:
            await effects.erase(candidate, Side.ZONE, tx)

    await for_each(Candidate, {"erase_after": {"$lt": today}}, erase, new_tx)


CLOCKS = (
    Clock("recruitment.forgotten", every=3600, task=end_forgotten),
    Clock("recruitment.retention", every=3600, task=erase_unneeded),
)
