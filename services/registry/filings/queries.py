"""Reads of filings: the filter of a list, and a filing as it is asked of a host."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from fastapi import Path
from pydantic import Field

from services.chassis.domain.ownership import part_of
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingId, FilingType
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
    assignee: Annotated[str | None, Field(max_length=100)] = None
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
