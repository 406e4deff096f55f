"""What a cap event does to the table, the class and the investors that it concerns: one commit."""

from services.chassis.store.unit_of_work import Tx
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.shares.cap_event import CapEvent
from services.incubator.investment.shares.cap_table import CapTable
from services.incubator.investment.shares.share_class import ShareClass


async def keep(event: CapEvent, table: CapTable, share_class: ShareClass, tx: Tx) -> CapEvent:
    """Keep a new event, with all that it changed. Raises Gone (`investor_erased`) of who gets shares."""
    for investor_id, by in event.holders.items():
        investor = await tx.get(Investor, investor_id)
        investor.hold(by)
        tx.save(investor)
    tx.save(share_class)
    tx.save(table)
    return tx.add(event)
