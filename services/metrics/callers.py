"""Who may read the figures."""

from typing import Annotated

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.http.security import CallerOf

Reader = Annotated[Caller, Security(CallerOf(), scopes=["metrics:read"])]
"""Anyone with the scope: figures are of the zone, never of one business."""
