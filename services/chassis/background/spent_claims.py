"""Spent claims: unique keys whose time has long passed, which anybody could take over and nobody will."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from services.chassis.background.clocks import Clock
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import HAS_END, Remove

KEPT_FOR = timedelta(days=1)
"""So that a process whose clock is behind finds every claim that is live by it."""
EVERY = 3_600.0
AT_ONCE = 500
log = structlog.get_logger("zone.claims")


def spent_claims(store: Store, *, clock: Callable[[], datetime] = utc_now) -> Clock:
    """The clock that deletes them once an hour, in pages; one that its holder renews meanwhile stays.

    No index of the database may do it (TTL): it knows the time of its server alone, not that of the zone.

    Args:
        clock: of this machine. A claim is spent by it and by the time of the zone, whichever is behind: where one of
            them was moved forward for a while, no claim is gone that is live after it has come back.
    """

    async def sweep(now: datetime, begin: Callable[[], Tx]) -> None:
        spent = {"until": {**HAS_END, "$lt": min(now, clock()) - KEPT_FOR}}
        swept = 0
        while found := await store.select("claims", spent, [("until", 1), ("_id", 1)], AT_ONCE):
            tx = begin()
            for claim in found:
                tx.write(Remove("claims", claim["_id"], {"until": claim["until"]}))
            await tx.commit()
            swept += len(found)
        if swept:
            log.info("claims_swept", count=swept)

    return Clock("spent_claims", EVERY, sweep)
