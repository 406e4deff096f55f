"""Who may read the figures."""

from typing import Annotated

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.http.security import CallerOf

Administrator = Annotated[Caller, Security(CallerOf("operator"), scopes=["metrics:manage"])]
"""Who runs the zone: has figures built anew, and decides nothing in them."""
Reader = Annotated[Caller, Security(CallerOf(), scopes=["metrics:read"])]
"""Anyone with the scope: figures are of the zone, never of one business."""
