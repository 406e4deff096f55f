"""The filter of a list of filings."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from fastapi import Path
from pydantic import Field

from services.chassis.http.filters import Filter
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingId, FilingType
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
