"""What the registry says, and what it does to the pledges of a business that invests."""

from typing import Final

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.dissolutions import BusinessDissolutionStarted, BusinessDissolved
from services.incubator.investment.commitments.effects import release_pledges
from services.incubator.investment.investors.investor import Investor
from services.incubator.tenants.queries import is_leaving

MOST: Final = 100
"""Investors that are one business."""

on = Handlers()


@on(BusinessDissolutionStarted, BusinessDissolved)
async def release_promises(event: BusinessDissolutionStarted | BusinessDissolved, tx: Tx) -> None:
    """What a business that is being dissolved has promised to others, and nobody has taken yet, binds it no more."""
    if await is_leaving(event.business_id, tx):
        await release_pledges(await tx.select(Investor, {"business_id": event.business_id}, limit=MOST), tx)
