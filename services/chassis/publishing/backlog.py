"""Back-pressure: two metrics of what is committed and not yet published, and the brake before the disk is full."""

import asyncio
import time
from typing import Any

from services.chassis.background.backoff import pause
from services.chassis.store.mongo import MongoStore
from services.chassis.telemetry.instruments import OUTBOX_AGE, OUTBOX_DEPTH

LOOK_EVERY = 2.0
"""Seconds for which an answer is good; longer where the count itself takes long."""


class Backlog:
    """Rows of `outbox` after `published_to`, as seen by one process; both are times of the server.

    Args:
        store: of the service.
        limit: rows from which on writes are to answer 503.
    """

    def __init__(self, store: MongoStore, *, limit: int) -> None:
        self._store, self._limit = store, limit
        self._depth = 0
        self._good_until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def is_full(self) -> bool:
        """Whether a write must wait. It looks every `LOOK_EVERY` seconds; while the store is away it repeats itself."""
        if time.monotonic() >= self._good_until and not self._one_at_a_time.locked():
            async with self._one_at_a_time:
                started = time.monotonic()
                try:
                    await self.measure()
                except Exception:
                    self._good_until = started + LOOK_EVERY  # whoever writes now will be told better
                else:
                    now = time.monotonic()
                    self._good_until = now + max(LOOK_EVERY, 20 * (now - started))
        return self._depth >= self._limit

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the metrics fresh where no request asks: in the process that publishes."""
        while not stop.is_set():
            await self.is_full()
            await pause(stop, LOOK_EVERY)

    async def measure(self) -> int:
        """Count, at most to the limit, and set the metrics. Returns the depth."""
        relay = await self._store.database["relay"].find_one({"_id": "outbox"}, {"published_to": 1})
        after = relay.get("published_to") if relay else None
        waiting: dict[str, Any] = {} if after is None else {"at": {"$gt": after}}
        self._depth = await self._store.database["outbox"].count_documents(waiting, limit=self._limit)
        age = await self._store.aggregate(
            "outbox",
            [
                {"$match": waiting},
                {"$sort": {"at": 1}},
                {"$limit": 1},
                {"$project": {"age_ms": {"$subtract": ["$$NOW", {"$toDate": "$at"}]}}},
            ],
        )
        OUTBOX_DEPTH.set(self._depth)
        OUTBOX_AGE.set(max(age[0]["age_ms"], 0) / 1000 if age else 0)
        return self._depth
