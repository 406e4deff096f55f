"""What time does to postings."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.status import PostingStatus


async def expire_postings(now: datetime, new_tx: NewTx) -> None:
    """A posting whose last day is over expires; it may run twice, or late."""
    today = zone_date(now)

    async def expire(posting: JobPosting, tx: Tx) -> None:
        posting.expire(today)
        tx.save(posting)

    seeking = [PostingStatus.PUBLISHED.value, PostingStatus.PAUSED.value]
    await for_each(JobPosting, {"status": {"$in": seeking}, "valid_through": {"$lt": today}}, expire, new_tx)


CLOCKS = (Clock("recruitment.postings", every=60, task=expire_postings),)
