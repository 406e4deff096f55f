"""Who may call the incubator, as types that a route's signature names."""

from typing import Annotated

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.http.security import CallerOf

Reader = Annotated[Caller, Security(CallerOf(), scopes=["incubator:read"])]
"""A partner for the businesses that it registered; officers, supervisors and auditors for all."""
Member = Annotated[Caller, Security(CallerOf("partner", "officer", "supervisor"), scopes=["incubator:write"])]
"""A partner for the businesses that it registered, or an officer for any of them."""
Staff = Annotated[Caller, Security(CallerOf("officer", "supervisor"), scopes=["incubator:manage"])]
"""Who runs the offerings: sites and rooms, meters and tariffs, books of the zone."""
