"""The filter of a list of filings."""

from typing import Annotated, Any

from fastapi import Depends, Query

from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingType
from services.registry.filings.status import FilingStatus


async def filing_search(
    status: FilingStatus | None = None,
    type: FilingType | None = None,
    business_id: BusinessId | None = None,
    assignee: Annotated[str | None, Query(max_length=100, description="the client that has taken it up")] = None,
) -> dict[str, Any]:
    """The filter of a list of filings."""
    asked = {"status": status, "type": type, "business_id": business_id, "review.assignee": assignee}
    return {name: value for name, value in asked.items() if value is not None}


FilingSearch = Annotated[dict[str, Any], Depends(filing_search)]
