"""Reads of filings: the filter of a list, and a filing as it is asked of a host."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from fastapi import Path

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ownership import part_of
from services.chassis.domain.texts.text import Text
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import MOST_DRAFTS, FilingId, FilingType
from services.registry.businesses.business import Business
from services.registry.filings.filing import Filing
from services.registry.filings.status import FilingStatus

FilingRef = Annotated[FilingId, Path(description="The filing, by its id.")]


class FilingFilter(Filter):
    """An officer's queue, or what became of one's own."""

    stored_as: ClassVar[Mapping[str, str]] = {"assignee": "review.assignee"}

    status: FilingStatus | None = None
    """How far it has come."""
    type: FilingType | None = None
    """What it does to the register."""
    business_id: BusinessId | None = None
    """The business that it concerns."""
    assignee: Annotated[str, Text(at_most=100)] | None = None
    """The client that has taken it up."""


class AskedOfHost(Filing):
    """A filing as it is listed for the host that it names: open to who has the whole of that business open."""

    shown_to: ClassVar = part_of(Business, by="host_business_id")


async def asked_of_host(filing_id: str, tx: Tx) -> Filing:
    """A filing, for who may see it and for the owner of the host that it names. Raises NotFound."""
    filing = await tx.find(Filing, filing_id)
    host = await tx.find(Business, filing.host_business_id) if filing and filing.host_business_id else None
    if filing is not None and host is not None and host.shown_to.opens(host, tx.caller):
        return filing
    return await tx.visible(Filing, filing_id)


async def check_drafts(filer: Caller, tx: Tx) -> None:
    """Let a partner begin a filing that has not piled up too many; requests at the same moment may all pass.

    Raises:
        Conflict: `too_many_drafts`, with how many there are and may be.
    """
    if filer.is_official:
        return
    begun = {"partner_id": filer.partner_id, "status": FilingStatus.DRAFT}
    drafts = await tx.count(Filing, begun, at_most=MOST_DRAFTS)
    if drafts >= MOST_DRAFTS:
        detail = f"There are {drafts} drafts that were never handed in, and may be {MOST_DRAFTS}."
        raise Conflict(detail, code="too_many_drafts", drafts=drafts, most=MOST_DRAFTS)
