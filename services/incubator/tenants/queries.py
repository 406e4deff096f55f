"""The filter of a list of tenants."""

from typing import Annotated

from fastapi import Path

from services.chassis.http.filters import Filter, SearchText
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.tenants.tenant import TenantStatus

TenantRef = Annotated[BusinessId, Path(description="The business, by its id.")]


class TenantFilter(Filter):
    """By name, by whether they may trade, and by kind."""

    q: SearchText | None = None
    status: TenantStatus | None = None
    """Whether the zone's offerings are open to it."""
    kind: BusinessKind | None = None
    """Industrial or cloud."""
