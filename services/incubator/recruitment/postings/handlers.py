"""What the registry says, and what it does to the postings of a business."""

from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.status import S
from services.incubator.tenants.queries import is_leaving

MOST: Final = 1_000
"""Published postings of one business."""

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def pause_postings(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """Nobody applies at a business that is being dissolved; who has applied is still told what becomes of it."""
    if not await is_leaving(event.business_id, tx):
        return
    published = {"business_id": event.business_id, "status": S.PUBLISHED}
    for posting in await tx.select(JobPosting, published, limit=MOST):
        if posting.status is S.PUBLISHED:  # not paused in this unit of work already
            posting.pause()
            tx.save(posting)
