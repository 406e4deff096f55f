"""The filter of a list of postings, and how a path names one."""

from typing import Annotated, Any

from fastapi import Path

from services.chassis.http.filters import Filter, SearchText
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.jobs import EmploymentType, PostingId
from services.contracts.registry.businesses import BusinessId
from services.incubator.recruitment.postings.posting import JobPosting
from services.incubator.recruitment.postings.status import PostingStatus
from services.incubator.tenants.tenant import Tenant, tenant_id

PostingRef = Annotated[PostingId, Path(description="The posting, by its id.")]


class PostingFilter(Filter):
    """By words, by whose it is, and by what is offered."""

    q: SearchText | None = None
    business_id: BusinessId | None = None
    """Of which business."""
    status: PostingStatus | None = None
    """Whether people are sought by it."""
    employment_type: EmploymentType | None = None
    """How somebody would work."""
    fresh_graduates_welcome: bool | None = None
    """Whether people who have just graduated are meant too."""
    remote: bool | None = None
    """Whether it is done remotely."""

    def where(self) -> dict[str, Any]:
        found = super().where()
        if "remote" in found:
            found["remote"] = {"$ne": None} if found["remote"] else None
        return found


async def own_posting(posting_id: str, tx: Tx) -> JobPosting:
    """A posting of the caller's own business; of any, for officials. Raises NotFound of every other."""
    return await tx.opened(await tx.visible(JobPosting, posting_id))


async def employer_of(posting: JobPosting, tx: Tx) -> str:
    """The name of the business that seeks people by a posting."""
    return (await tx.get(Tenant, tenant_id(posting.business_id))).name
