"""What the gateway says of partners."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.gateway.access import PartnerAdmitted
from services.registry.partners.partner import Partner

on = Handlers()


@on(PartnerAdmitted, loads=lambda event: [(Partner, event.partner_id)])
async def know(event: PartnerAdmitted, tx: Tx) -> None:
    """An admitted partner can own businesses that officials register for it."""
    if await tx.find(Partner, event.partner_id) is None:
        tx.save(Partner(id=event.partner_id))
