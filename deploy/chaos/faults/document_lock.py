"""Documents that a transaction under way holds, seen from outside: whoever writes one of them loses the race."""

import asyncio
import time

from services.chassis.store.mongo import TRANSIENT, MongoStore
from services.chassis.store.writes import Insert, Refused, Remove, Replace, Write

LOOK_EVERY = 0.1


async def is_held(store: MongoStore, collection: str, id: str) -> bool:
    """Whether a write to this document loses. One that does not changes nothing in the end."""
    found = await store.read(collection, [id])
    touch: list[Write]
    if found:
        (row,) = found
        touched = row | {"touched": True}
        touch = [Replace(collection, id, row, touched), Replace(collection, id, touched, row)]
    else:
        touch = [Insert(collection, {"_id": id}), Remove(collection, id)]
    try:
        await store.transact(touch)
    except (Refused, *TRANSIENT):
        return True
    return False


async def is_free(store: MongoStore, collection: str, id: str, *, within: float) -> bool:
    """Whether a write to this document comes through before the time is over."""
    give_up = time.monotonic() + within
    while await is_held(store, collection, id):
        if time.monotonic() > give_up:
            return False
        await asyncio.sleep(LOOK_EVERY)
    return True
