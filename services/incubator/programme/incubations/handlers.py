"""What the registry says, and what it does to incubations."""

from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolved
from services.incubator.programme.incubations import effects
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.tenants.queries import is_leaving

MOST: Final = 200
"""Incubations of one business."""

on = Handlers()


@on(BusinessDissolved)
async def close_incubations(event: BusinessDissolved, tx: Tx) -> None:
    """What incubates is terminated, and what has graduated has the outcome `closed`."""
    if not await is_leaving(event.business_id, tx):
        return
    for incubation in await tx.select(Incubation, {"business_id": event.business_id}, limit=MOST):
        incubation.close(zone_date(event.envelope.effective))
        await effects.ended(incubation, tx)
