"""What the registry says, and what it does to the service points of a business."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
)
from services.incubator.tenants.queries import is_leaving
from services.incubator.utilities.metering.queries import points_of_business

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def request_final_readings(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """Somebody is to read the meters of a business that is being dissolved for the last time."""
    if not await is_leaving(event.business_id, tx):
        return
    for point in await points_of_business(event.business_id, tx):
        if point.request_final_reading(on=zone_date(tx.now)):
            tx.save(point)


@on(BusinessDissolutionCancelled)
async def read_on(event: BusinessDissolutionCancelled, tx: Tx) -> None:
    """The meters of a business that stays go on; a final reading that was taken has ended the installation of one."""
    if await is_leaving(event.business_id, tx):
        return
    for point in await points_of_business(event.business_id, tx):
        if point.final_reading_requested_on is not None:
            point.final_reading_requested_on = None
            tx.save(point)
