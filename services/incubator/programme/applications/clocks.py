"""What time does to applications: a seat that was given back goes to who waits, and what nobody needs to know of
founders any more is erased.
"""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.programme.applications import effects
from services.incubator.programme.applications.application import Application
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.status import SEATING


async def fill_seats(now: datetime, new_tx: NewTx) -> None:
    """Each seat that was given back goes to the first in line who may still have it; it may run twice, or late."""

    async def fill(left: Application, tx: Tx) -> None:
        cohort = await tx.get(Cohort, left.cohort_id)
        if not left.vacated:
            return
        if cohort.status in SEATING and cohort.seats_taken < cohort.seats:
            await effects.promote(cohort, tx)
        else:
            left.vacated = False
            tx.save(left)

    await for_each(Application, {"vacated": True}, fill, new_tx)


async def erase_unneeded(now: datetime, new_tx: NewTx) -> None:
    """Founders whom nobody has a reason to know any more are erased; it may run twice, or late."""
    today = zone_date(now)

    async def erase(application: Application, tx: Tx) -> None:
        if application.erase_after is not None and application.erase_after < today:
            await effects.erase(application, tx)

    await for_each(Application, {"erase_after": {"$lt": today}}, erase, new_tx)


CLOCKS = (
    Clock("programme.seats", every=15, task=fill_seats),
    Clock("programme.retention", every=3600, task=erase_unneeded),
)
