"""What time does to objections: one to a dissolution that was cancelled is about nothing any more."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.store.unit_of_work import Tx
from services.registry.businesses.business import Business
from services.registry.objections.objection import Objection, ObjectionStatus


async def lapse_objections(now: datetime, new_tx: NewTx) -> None:
    """An objection to a dissolution that was cancelled lapses, and who lodged it can lodge another one next time."""

    async def lapse(objection: Objection, tx: Tx) -> None:
        if not objection.is_about(await tx.get(Business, objection.business_id)):
            objection.lapse(at=now)
            tx.release(objection.key, objection.id)
            tx.save(objection)

    await for_each(Objection, {"status": ObjectionStatus.OPEN}, lapse, new_tx)


CLOCKS = (Clock("registry.objections", every=60, task=lapse_objections),)
