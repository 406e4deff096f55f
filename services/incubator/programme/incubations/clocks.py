"""What time does to incubations: a milestone whose day is over is missed."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.programme.incubations.incubation import Incubation


async def miss_milestones(now: datetime, new_tx: NewTx) -> None:
    """A milestone whose due day is over, and that is not reached, is missed; it may run twice, or late."""
    today = zone_date(now)

    async def miss(incubation: Incubation, tx: Tx) -> None:
        incubation.miss(today)
        tx.save(incubation)

    await for_each(Incubation, {"next_due_on": {"$lt": today}}, miss, new_tx)


CLOCKS = (Clock("programme.milestones", every=600, task=miss_milestones),)
