"""What time does to incubations: a milestone whose day is over is missed, and a cancelled cohort has nobody."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.programme.applications import effects as applications
from services.incubator.programme.applications.application import Application
from services.incubator.programme.applications.status import LIVE as UNDECIDED
from services.incubator.programme.incubations import effects
from services.incubator.programme.incubations.incubation import Incubation
from services.incubator.programme.incubations.status import LIVE
from services.incubator.programme.programmes.cohort import Cohort


async def miss_milestones(now: datetime, new_tx: NewTx) -> None:
    """A milestone whose due day is over, and that is not reached, is missed; it may run twice, or late."""
    today = zone_date(now)

    async def miss(incubation: Incubation, tx: Tx) -> None:
        incubation.miss(today)
        tx.save(incubation)

    await for_each(Incubation, {"next_due_on": {"$lt": today}}, miss, new_tx)


async def empty_cancelled(now: datetime, new_tx: NewTx) -> None:
    """Who applied for a cohort that does not take place is withdrawn, who was enrolled for it terminated, with the
    reason; it may run twice, or late.
    """

    async def empty(cohort: Cohort, tx: Tx) -> None:
        async def withdraw(application: Application, tx: Tx) -> None:
            if application.is_live:
                await applications.withdraw(application, cohort.cancelled_because, tx)

        async def terminate(incubation: Incubation, tx: Tx) -> None:
            if incubation.is_live:
                incubation.terminate(zone_date(now), cohort.cancelled_because or "")
                await effects.ended(incubation, tx)

        undecided = {"cohort_id": cohort.id, "status": {"$in": [each.value for each in UNDECIDED]}}
        enrolled = {"cohort_id": cohort.id, "status": {"$in": [each.value for each in LIVE]}}
        await for_each(Application, undecided, withdraw, new_tx)
        await for_each(Incubation, enrolled, terminate, new_tx)
        # Applications first: of those that are not live any more, none is enrolled later.
        left = [await new_tx().count(each, where) for each, where in ((Application, undecided), (Incubation, enrolled))]
        if not any(left):
            last = new_tx()
            emptied = await last.get(Cohort, cohort.id)
            emptied.to_withdraw = False
            last.save(emptied)
            await last.commit()

    await for_each(Cohort, {"to_withdraw": True}, empty, new_tx)


CLOCKS = (
    Clock("programme.cancelled", every=15, task=empty_cancelled),
    Clock("programme.milestones", every=600, task=miss_milestones),
)
