"""Orphans: files that no act has named within a day, and files whose row was never committed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from services.chassis.background.clocks import Clock
from services.chassis.domain.ids import first_id_at
from services.chassis.domain.times import utc_now
from services.chassis.store.document_store import Store
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Remove

KEPT_FOR = timedelta(hours=24)
EVERY = 3_600.0
AT_ONCE = 500
UNUSED = {"used_by": None}
log = structlog.get_logger("zone.uploads")


def orphaned_uploads(store: Store, *, clock: Callable[[], datetime] = utc_now) -> Clock:
    """The clock that sweeps them, row and file, once an hour.

    It looks at the id of every file, in pages: ids sort by birth, so that age needs no index.

    Args:
        clock: what ids are born by. It is not the time of the zone, which may be moved forward: what is on its way now
            would look a day old.
    """

    async def sweep(_: datetime, begin: Callable[[], Tx]) -> None:
        after, before = "upl_", first_id_at("upl", clock() - KEPT_FOR)
        while page := await store.files.ids(after=after, before=before, limit=AT_ONCE):
            rows = await store.read("uploads", page)
            unused = [row["_id"] for row in rows if row["used_by"] is None]
            if unused:
                tx = begin()
                for id in unused:
                    tx.write(Remove("uploads", id, UNUSED))  # it stays where an act has taken it meanwhile
                await tx.commit()
            kept = {row["_id"] for row in await store.read("uploads", page)}
            for id in page:
                if id not in kept:
                    await store.files.delete(id)
            if swept := len(page) - len(kept):
                log.info("uploads_swept", count=swept)
            after = page[-1]

    return Clock("orphaned_uploads", EVERY, sweep)
