"""What time does to allocations: they begin and end by the day, and are charged by the month."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.space.allocations.effects import pass_time


async def pass_days(now: datetime, new_tx: NewTx) -> None:
    """Look at each allocation whose day has come; it may run twice, or late."""
    await for_each(Allocation, {"due_on": {"$lte": zone_date(now)}}, pass_time, new_tx)


CLOCKS = (Clock("incubator.allocations", every=60, task=pass_days),)
