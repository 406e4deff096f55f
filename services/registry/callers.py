"""Who may call the registry, as types that a route's signature names."""

from typing import Annotated

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
