"""A store on the MongoDB of this test run, in a database of its own that goes with it."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from services.chassis.domain.aggregate import Row
from services.chassis.store.mongo import MongoStore


@asynccontextmanager
async def own_store(url: str, rows: Sequence[type[Row]] = (), service: str = "test") -> AsyncIterator[MongoStore]:
    """A new store of a service, prepared for these kinds of documents; `url` is that of the server (`mongo_url`)."""
    store = MongoStore(url, f"{service}_{uuid.uuid4().hex[:12]}", service)
    await store.prepare(rows)
    try:
        yield store
    finally:
        await store.database.client.drop_database(store.database.name)
        store.close()
