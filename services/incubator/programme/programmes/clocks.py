"""What time does to cohorts: it opens them, ends the time for applications, starts and finishes them."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.programme.programmes.cohort import Cohort
from services.incubator.programme.programmes.program import Program
from services.incubator.programme.programmes.status import CohortStatus

PLANNED = CohortStatus.PLANNED
IN_TIME = [each.value for each in (CohortStatus.OPEN, CohortStatus.REVIEWING, CohortStatus.RUNNING)]


async def move_cohorts(now: datetime, new_tx: NewTx) -> None:
    """Each cohort whose moment has come moves on; it may run twice, or late."""
    today = zone_date(now)

    async def open_it(cohort: Cohort, tx: Tx) -> None:
        if cohort.status is PLANNED:
            cohort.open(await tx.get(Program, cohort.program_id))
            tx.save(cohort)

    async def move_it(cohort: Cohort, tx: Tx) -> None:
        before = cohort.status
        cohort.pass_time(now, today)
        if cohort.status is not before:
            tx.save(cohort)

    await for_each(Cohort, {"status": PLANNED.value, "opens_at": {"$lte": now}}, open_it, new_tx)
    await for_each(Cohort, {"status": {"$in": IN_TIME}}, move_it, new_tx)


CLOCKS = (Clock("programme.cohorts", every=15, task=move_cohorts),)
