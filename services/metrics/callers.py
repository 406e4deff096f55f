"""Who may read the figures, and who looks after them."""

from typing import Annotated

from fastapi import Security

from services.chassis.domain.caller import Caller
from services.chassis.http.security import CallerOf

Reader = Annotated[Caller, Security(CallerOf(), scopes=["metrics:read"])]
"""Anyone with the scope: figures are of the zone, never of one business."""
Manager = Annotated[Caller, Security(CallerOf("operator"), scopes=["metrics:manage"])]
"""Who runs the zone: says what its figures are to come to, and looks after how they are kept."""
Watcher = Annotated[Caller, Security(CallerOf("officer", "supervisor", "auditor", "operator"), scopes=["metrics:read"])]
"""Who works for the zone: sees what would tell a partner of another one."""
