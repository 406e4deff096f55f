"""Who may call the incubator, as types that a route's signature names."""

from typing import Annotated

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import NotFound
from services.chassis.http.security import CallerOf

Reader = Annotated[Caller, Security(CallerOf(), scopes=["incubator:read"])]
"""A partner for the businesses that it registered; officers, supervisors and auditors for all."""


def seen_by(caller: Caller) -> dict[str, str]:
    """The filter that keeps a partner to its own."""
    return {"partner_id": caller.partner_id} if caller.kind == "partner" else {}


def must_see(caller: Caller, partner_id: str) -> None:
    """Let a caller pass who may see what belongs to this partner.

    Raises:
        NotFound: another partner's; the same answer as for what does not exist.
    """
    if caller.kind == "partner" and caller.partner_id != partner_id:
        raise NotFound
