"""The filters of the lists of partners and of clients."""

from typing import Annotated

from fastapi import Query

from gateway.access.scopes import Kind
from gateway.access.standing import Status
from services.chassis.http.filters import Filter


class PartnerFilter(Filter):
    """By whether they are let in, and the zone's own office apart."""

    status: Annotated[Status | None, Query(description="let in, or kept out")] = None
    office: Annotated[bool | None, Query(description="true for the zone's own office, false for all others")] = None


class ClientFilter(Filter):
    """By kind, and by whether they are let in."""

    kind: Annotated[Kind | None, Query(description="whom it acts for")] = None
    status: Annotated[Status | None, Query(description="let in, or kept out")] = None
