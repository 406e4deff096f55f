"""The filters of the lists of partners and of clients."""

from typing import Annotated

from fastapi import Path

from gateway.access.scopes import Kind
from gateway.access.standing import AccessStatus
from services.chassis.http.filters import Filter
from services.contracts.gateway.access import ClientId, KeyId, PartnerId

PartnerRef = Annotated[PartnerId, Path(description="The partner, by its id.")]
ClientRef = Annotated[ClientId, Path(description="The client, by its id.")]
KeyRef = Annotated[KeyId, Path(description="The key, by its id.")]


class PartnerFilter(Filter):
    """By whether they are let in, and the zone's own office apart."""

    status: AccessStatus | None = None
    """Let in, or kept out."""
    office: bool | None = None
    """True for the zone's own office, false for all others."""


class ClientFilter(Filter):
    """By kind, and by whether they are let in."""

    kind: Kind | None = None
    """Whom it acts for."""
    status: AccessStatus | None = None
    """Let in, or kept out."""
