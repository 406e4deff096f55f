"""Job postings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.answers.answer import JsonLd
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.recruitment.postings.bodies import ChangePosting, DraftPosting
from services.incubator.recruitment.postings.linked_data import linked_data
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.queries import PostingFilter, PostingRef, employer_of, own_posting
from services.incubator.recruitment.postings.status import PostingStatus
from services.incubator.recruitment.postings.views import PostingView
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator/job-postings", route_class=TransactionalRoute)


class PostingLinkedData(JsonLd):
    """schema.org's JobPosting, with the entity tag of the posting."""

    view = PostingView


@router.post("", status_code=201)
@refuses(*TRADING)
async def draft_posting(body: DraftPosting, member: Member, tx: InTx) -> PostingView:
    """Draft a posting, which its owner alone sees until it is published."""
    tenant = await trading_tenant(body.business_id, tx)
    said = {name: getattr(body, name) for name in DraftPosting.model_fields}
    return PostingView.of(tx.save(JobPosting.draft(tenant, **said)))


@router.get("")
async def list_postings(
    asked: Annotated[PostingFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[PostingView]:
    """Everyone's postings and one's own drafts, oldest first."""
    return await page.of(tx, JobPosting, asked.where(), PostingView.of)


@router.get("/{posting_id}")
async def see_posting(posting_id: PostingRef, reader: Reader, tx: InTx) -> PostingView:
    """One posting."""
    return PostingView.of(await tx.visible(JobPosting, posting_id))


@router.get("/{posting_id}/posting.jsonld")
async def see_posting_as_linked_data(posting_id: PostingRef, reader: Reader, tx: InTx) -> PostingLinkedData:
    """One posting as schema.org's JobPosting, to stand in a page that search engines read."""
    posting = await tx.visible(JobPosting, posting_id)
    return PostingLinkedData(linked_data(posting, await employer_of(posting, tx)), shows=PostingView.of(posting))


@router.patch("/{posting_id}")
@refuses(*TRADING, "invalid_transition", "openings_below_hired", "posting_expired")
async def change_posting(posting_id: PostingRef, body: ChangePosting, member: Member, tx: InTx) -> PostingView:
    """Say something else of a job; with more openings than hires a filled posting seeks people again."""
    posting = await own_posting(posting_id, tx)
    was_filled = posting.status is PostingStatus.FILLED
    posting.change(tx.now, **{name: getattr(body, name) for name in body.model_fields_set})
    if was_filled and posting.status is PostingStatus.PUBLISHED:
        await trading_tenant(posting.business_id, tx)
    return PostingView.of(tx.save(posting))


@router.post("/{posting_id}/publish")
@refuses(*TRADING, "invalid_transition", "posting_expired")
async def publish_posting(posting_id: PostingRef, member: Member, tx: InTx, body: Nothing | None = None) -> PostingView:
    """Seek people by it, for the first time or after a pause."""
    posting = await own_posting(posting_id, tx)
    await trading_tenant(posting.business_id, tx)
    posting.publish(tx.now)
    return PostingView.of(tx.save(posting))


@router.post("/{posting_id}/pause")
@refuses("invalid_transition")
async def pause_posting(posting_id: PostingRef, member: Member, tx: InTx, body: Nothing | None = None) -> PostingView:
    """Let nobody apply for now."""
    posting = await own_posting(posting_id, tx)
    posting.pause()
    return PostingView.of(tx.save(posting))


@router.post("/{posting_id}/close")
@refuses("invalid_transition")
async def close_posting(posting_id: PostingRef, member: Member, tx: InTx, body: Nothing | None = None) -> PostingView:
    """Seek nobody by it any more."""
    posting = await own_posting(posting_id, tx)
    posting.close()
    return PostingView.of(tx.save(posting))
