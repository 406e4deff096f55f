"""Reads of partners and clients: the filters of their lists, and whom a caller's key stands for."""

from typing import Annotated

from fastapi import Path

from gateway.access.client import Client
from gateway.access.key import Key
from gateway.access.partner import AccessStatus, Partner
from gateway.access.scopes import Kind
from services.chassis.domain.caller import Caller
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
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


async def behind(caller: Caller, tx: Tx) -> tuple[Partner, Client, Key]:
    """Whom the key of a request stands for: each of them let the caller in a moment ago."""
    partner, client = await tx.get(Partner, caller.partner_id), await tx.get(Client, caller.client_id)
    return partner, client, await tx.get(Key, caller.key_id)
