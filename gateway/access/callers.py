"""Who may manage access to the zone, as types that a route's signature names."""

from typing import Annotated

from fastapi import Security

from gateway.access.client import Client
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import NotFound
from services.chassis.http.security import CallerOf

Administrator = Annotated[Caller, Security(CallerOf("operator"), scopes=["admin"])]
"""Admits, changes and suspends partners and clients."""

KeyManager = Annotated[Caller, Security(CallerOf("operator", "partner"), scopes=["keys:manage"])]
"""An operator, for every key; a partner, for the keys of its own clients of kind `partner`.

It is the power over *all* of them: whoever may make keys for a client may do what the client may.
"""


def must_be_own(caller: Caller, partner_id: str) -> None:
    """Let a caller pass to what belongs to a partner.

    Raises:
        NotFound: another partner's; the same answer as for what does not exist.
    """
    if caller.kind == "partner" and caller.partner_id != partner_id:
        raise NotFound


def must_manage(caller: Caller, client: Client) -> None:
    """Let a caller pass to a client and its keys.

    Raises:
        NotFound: another partner's, or of a kind that its partner does not rule: nobody makes itself an officer.
    """
    must_be_own(caller, client.partner_id)
    if caller.kind == "partner" and client.kind != "partner":
        raise NotFound
