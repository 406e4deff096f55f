"""The filter of a list of tenants."""

from typing import Annotated

from fastapi import Query

from services.chassis.http.filters import Filter, SearchText
from services.contracts.registry.businesses import BusinessKind
from services.incubator.tenants.tenant import Status


class TenantFilter(Filter):
    """By name, by whether they may trade, and by kind."""

    q: SearchText | None = None
    status: Annotated[Status | None, Query(description="whether the zone's offerings are open to it")] = None
    kind: Annotated[BusinessKind | None, Query(description="industrial or cloud")] = None
