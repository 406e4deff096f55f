"""What the registry says, and what it does to applications."""

from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolved
from services.incubator.programme.applications import effects
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.status import LIVE
from services.incubator.tenants.queries import is_leaving

MOST: Final = 200
"""Live applications of one business: one a cohort."""

on = Handlers()


@on(BusinessDissolved)
async def withdraw_applications(event: BusinessDissolved, tx: Tx) -> None:
    """A business that is no more does not apply; a seat that it had goes to who waits."""
    if not await is_leaving(event.business_id, tx):
        return
    live = {"business_id": event.business_id, "status": {"$in": [each.value for each in LIVE]}}
    for application in await tx.select(Application, live, limit=MOST):
        if application.is_live:  # not withdrawn in this unit of work already
            await effects.withdraw(application, None, tx)
