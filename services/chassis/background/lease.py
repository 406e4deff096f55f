"""A lease: at most one holder at a time, by the clock of the database and no other."""

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document


def worker_name() -> str:
    """Names one process's part in a shared task: `<host>-<pid>-<random>`; a process that starts again is another."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


class Lease:
    """The field `lease {owner, until, epoch}` of one document; `epoch` counts its holders.

    Who holds it may be wrong about it for as long as a process is paused, so what is done under it must bear
    being done twice: a lease spares work, it does not fence.

    Args:
        store: of the service.
        collection, id: the document; made where it is missing.
        seconds: to live without being renewed.
    """

    def __init__(self, store: MongoStore, collection: str, id: str, *, seconds: float) -> None:
        self.owner = worker_name()
        self.epoch = 0
        self._documents = store.database[collection]
        self._id = id
        self._seconds = seconds

    async def take(self) -> Document | None:
        """Take it, or renew it: the document while we hold it, None while somebody else does."""
        mine = {"$eq": ["$lease.owner", {"$literal": self.owner}]}
        free = {"$lte": ["$lease.until", "$$NOW"]}  # holds for a missing one too
        lease = {
            "owner": {"$literal": self.owner},
            "until": {"$add": ["$$NOW", round(self._seconds * 1000)]},
            "epoch": {"$add": [{"$ifNull": ["$lease.epoch", 0]}, {"$cond": [mine, 0, 1]}]},
        }
        document: Document = await self._documents.find_one_and_update(
            {"_id": self._id},
            [{"$set": {"lease": {"$cond": [{"$or": [mine, free]}, lease, "$lease"]}}}],
            upsert=True,
            return_document=True,
        )
        if document["lease"]["owner"] != self.owner:
            return None
        self.epoch = document["lease"]["epoch"]
        return document

    async def note(self, fields: dict[str, Any]) -> bool:
        """Set other fields of the document, if the lease is still ours."""
        still_ours = {"_id": self._id, "lease.owner": self.owner, "lease.epoch": self.epoch}
        result = await self._documents.update_one(still_ours, {"$set": fields})
        return result.matched_count == 1

    async def give_back(self) -> None:
        """Let the next one have it at once."""
        await self._documents.update_one(
            {"_id": self._id, "lease.owner": self.owner}, {"$set": {"lease.owner": None, "lease.until": None}}
        )

    async def forget(self) -> None:
        """Let the next one have it at once, in a document that only held the lease: it is not left behind."""
        await self._documents.delete_one({"_id": self._id, "lease.owner": self.owner})

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[asyncio.Event]:
        """Renew it meanwhile; the event is set once it is lost. While the database is away nothing is known to be."""
        lost = asyncio.Event()
        keeper = asyncio.create_task(self._keep(lost))
        try:
            yield lost
        finally:
            keeper.cancel()
            await asyncio.wait([keeper])

    async def _keep(self, lost: asyncio.Event) -> None:
        while not lost.is_set():
            await asyncio.sleep(self._seconds / 3)
            try:
                if await self.take() is None:
                    lost.set()
            except Exception:
                continue
