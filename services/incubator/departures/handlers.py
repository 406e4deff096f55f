"""What the registry says, and what it does to departures."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
)
from services.incubator.departures.departure import LOOKED_AT, Departure, departure_id
from services.incubator.tenants.tenant import Tenant, tenant_id

on = Handlers()


@on(
    BusinessDissolutionStarted,
    loads=lambda event: [(Tenant, tenant_id(event.business_id)), (Departure, departure_id(event.business_id))],
)
async def begin(event: BusinessDissolutionStarted, tx: Tx) -> None:
    """A business takes leave; a clock looks what it owes, and answers."""
    departure = await tx.find(Departure, departure_id(event.business_id))
    if departure is None:
        tx.save(Departure.begin(event, await tx.get(Tenant, tenant_id(event.business_id))))
    elif departure.hears(event.envelope.sequence):
        departure.begin_again(event)
        tx.save(departure)


@on(BusinessDissolutionCancelled, loads=lambda event: [(Departure, departure_id(event.business_id))])
async def cancel(event: BusinessDissolutionCancelled, tx: Tx) -> None:
    """A business stays: nobody asks any more what it owes."""
    departure = await tx.find(Departure, departure_id(event.business_id))
    if departure is not None and departure.hears(event.envelope.sequence) and departure.status in LOOKED_AT:
        departure.cancel()
        tx.save(departure)


@on(BusinessDissolved, loads=lambda event: [(Departure, departure_id(event.business_id))])
async def end(event: BusinessDissolved, tx: Tx) -> None:
    """A business is no more; what it owes all the same is charged and collected to the end."""
    departure = await tx.find(Departure, departure_id(event.business_id))
    if departure is not None and departure.hears(event.envelope.sequence):
        departure.is_dissolved = True
        tx.save(departure)
