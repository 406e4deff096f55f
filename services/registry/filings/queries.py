"""The filter of a list of filings."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from fastapi import Query

from services.chassis.http.filters import Filter
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingType
from services.registry.filings.status import FilingStatus


class FilingFilter(Filter):
    """An officer's queue, or what became of one's own."""

    stored_as: ClassVar[Mapping[str, str]] = {"assignee": "review.assignee"}

    status: Annotated[FilingStatus | None, Query(description="how far it has come")] = None
    type: Annotated[FilingType | None, Query(description="what it does to the register")] = None
    business_id: Annotated[BusinessId | None, Query(description="the business that it concerns")] = None
    assignee: Annotated[str | None, Query(max_length=100, description="the client that has taken it up")] = None
