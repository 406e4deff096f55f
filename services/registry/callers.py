"""Who may call the registry, as types that a route's signature names, and what of it each may see."""

from typing import Annotated, Any

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.http.security import CallerOf

Reader = Annotated[Caller, Security(CallerOf(), scopes=["registry:businesses:read"])]
"""Anyone may read the public extract; owners, officials and auditors the whole."""
FilingReader = Annotated[Caller, Security(CallerOf(), scopes=["registry:filings:read"])]
"""A partner for its own; officials and auditors for all."""
Filer = Annotated[Caller, Security(CallerOf("partner", "officer", "supervisor"), scopes=["registry:filings:write"])]
"""A partner for itself and its businesses, or an officer for anyone."""
Officer = Annotated[Caller, Security(CallerOf("officer", "supervisor"), scopes=["registry:review"])]
"""Takes filings up and decides them."""


def sees_all(caller: Caller) -> bool:
    """Whether everything in the register is open to this caller."""
    return caller.is_official or caller.kind == "auditor"


def own_filings(caller: Caller) -> dict[str, Any]:
    """The filter that keeps a caller to the filings it may see."""
    return {} if sees_all(caller) else {"on_behalf_of": caller.partner_id}
