"""What time does to what is known of people."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.recruitment.applications.application import Side
from services.incubator.recruitment.candidates.candidate import Candidate
from services.incubator.recruitment.erasure import effects


async def erase_unneeded(now: datetime, new_tx: NewTx) -> None:
    """A person whom nobody has a reason to know any more is erased; it may run twice, or late."""
    today = zone_date(now)

    async def erase(candidate: Candidate, tx: Tx) -> None:
        if candidate.erase_after is not None and candidate.erase_after < today:
            await effects.erase(candidate, Side.ZONE, tx)

    await for_each(Candidate, {"erase_after": {"$lt": today}}, erase, new_tx)


CLOCKS = (Clock("recruitment.retention", every=3600, task=erase_unneeded),)
