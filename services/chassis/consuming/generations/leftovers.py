"""Leftovers: what generations that were given up have in the database, until nothing is left of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from services.chassis.background.clocks import Clock
from services.chassis.consuming.group import group_of
from services.chassis.consuming.positions import rows_of
from services.chassis.store.generations.generation import collection_of
from services.chassis.store.generations.pointer import THE_POINTER, Pointer
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx

EVERY: Final = 10.0
OF_ITS_GROUP: Final = ("offsets", "inbox", "parked", "members")
"""In this order: once its positions are gone, a consumer that does not know it yet can commit nothing."""
AT_ONCE: Final = 10_000
log = structlog.get_logger("zone.consumer")


def leftovers(store: MongoStore, collections: Sequence[str]) -> Clock:
    """The clock that clears them away; killed at any moment it goes on where it was.

    One is forgotten when a run has found nothing of it: what a worker wrote that was paused meanwhile is found too.

    Args:
        collections: of the projection.
    """

    async def clear(_: datetime, begin: Callable[[], Tx]) -> None:
        tx = begin()
        pointer = await tx.find(Pointer, THE_POINTER)
        for number in list(pointer.dropped) if pointer else ():
            if await _cleared(store, collections, number):
                log.info("generation_cleared", generation=number)
            else:
                assert pointer is not None, "it said so"
                tx.save(pointer).forget(number)
        await tx.commit()

    return Clock("leftovers", EVERY, clear)


async def _cleared(store: MongoStore, collections: Sequence[str], number: int) -> bool:
    """Whether anything was there to be cleared."""
    found = False
    for name in OF_ITS_GROUP:
        of_it = rows_of(group_of(store.service, number))
        while rows := await store.select(name, of_it, [("_id", 1)], AT_ONCE, ["_id"]):
            found = True
            await store.database[name].delete_many({"_id": {"$gte": rows[0]["_id"], "$lte": rows[-1]["_id"]}})
    names = {collection_of(each, number) for each in collections}
    for name in names & set(await store.database.list_collection_names()):
        found = True
        await store.database.drop_collection(name)
    return found
