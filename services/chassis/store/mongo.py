"""MongoDB: documents in, documents out, one transaction a commit. Its driver is known to this folder alone."""

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from bson import Timestamp
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import (
    ExecutionTimeout,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from services.chassis.domain.aggregate import Row
from services.chassis.domain.errors import LostRace, Unavailable
from services.chassis.store.codec import CODEC
from services.chassis.store.document_store import PAGE_BYTES, Slice, fitting
from services.chassis.store.generations.generation import FIRST
from services.chassis.store.grid_files import GridFiles
from services.chassis.store.grouping.grouped_reads import GroupedReads, of_several
from services.chassis.store.operations import bounded, counting, guard_of
from services.chassis.store.outages import AWAY, away, from_a_snapshot, store_away
from services.chassis.store.schema import make_collections
from services.chassis.store.transaction import Transaction
from services.chassis.store.writes import Document, Refused, Write
from services.chassis.telemetry.instruments import COMMIT_DURATION

HISTORY_LOST = frozenset({286, 280, 260, 136, 9, 15, 40647})
"""ChangeStreamHistoryLost, ChangeStreamFatalError, InvalidResumeToken, CappedPositionLost, and what the server says of
a token that it cannot read at all (FailedToParse, Overflow, bad type): begin the stream anew."""

TRANSIENT = (
    Unavailable,
    LostRace,
    *AWAY,
    ExecutionTimeout,
    WriteConcernError,  # no majority said that it has it: too late, or the primary stepped down meanwhile
    ConnectionError,
    TimeoutError,
)
"""What is no one's fault and passes: network, no primary, a lost race, a timeout. The same work may run again."""

TRANSACTIONS = 20
"""At once in one process; others wait in the order in which they came."""


class MongoStore:
    """One service's database; see `document_store.Store` for what `read`, `select` and `commit` promise.

    Args:
        url: of a replica set (transactions and change streams need one).
        database: the service's own.
        service: its name, the source of its events.
    """

    def __init__(self, url: str, database: str, service: str) -> None:
        self.service, self.generation = service, FIRST
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url,
            maxPoolSize=100,
            serverSelectionTimeoutMS=5_000,
            connectTimeoutMS=5_000,
            socketTimeoutMS=30_000,
            waitQueueTimeoutMS=10_000,
            retryWrites=True,
            appname=f"zone-{service}",
        )
        self.database: AsyncIOMotorDatabase[Document] = self._client.get_database(
            database, CODEC, write_concern=WriteConcern("majority"), read_concern=ReadConcern("majority")
        )
        self.files = GridFiles(self.database)
        self._reads: dict[str, GroupedReads] = {}
        self._counts: dict[str, GroupedReads] = {}
        self._threads = ThreadPoolExecutor(TRANSACTIONS, thread_name_prefix="transaction")

    async def prepare(self, rows: Sequence[type[Row]], *, generation: int = FIRST) -> None:
        """Make the collections, indexes and validators before the service is ready; safe to run twice and at once."""
        await make_collections(self.database, rows, generation)
        await self.files.prepare()

    async def ping(self) -> None:
        """Raises whatever keeps a majority read or a write from being served."""
        hello = await self.database.command("hello")
        if not hello.get("isWritablePrimary"):
            raise Unavailable("MongoDB has no writable primary.")

    def close(self) -> None:
        self._client.close()
        self._threads.shutdown(wait=False)

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        reads = self._reads.get(collection)
        if reads is None:
            reads = self._reads[collection] = GroupedReads(partial(self._find, collection))
        return await reads.read(ids)

    async def _find(self, collection: str, ids: Sequence[str]) -> list[Document]:
        with away():
            if len(ids) == 1:
                found = await self.database[collection].find_one({"_id": ids[0]})
                return [found] if found else []
            found = self.database.delegate[collection].find({"_id": {"$in": list(ids)}})
            return await asyncio.to_thread(list, found)  # Motor would go to a thread and back for each batch

    async def read_together(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Document]]:
        first, pipeline = of_several(wanted)
        now = self._of_one_moment(first)
        found: dict[str, list[Document]] = {collection: [] for collection in wanted}
        for row in await from_a_snapshot(lambda: now.aggregate(pipeline).to_list(None)):
            found[row["collection"]].append(row["document"])
        return found

    async def select(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        members: Sequence[str] = (),
    ) -> list[Document]:
        now = self._of_one_moment(collection)
        only = list(members) or None
        return await from_a_snapshot(lambda: now.find(where, only, sort=list(sort), limit=limit).to_list(limit))

    async def page(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        most_bytes: int = PAGE_BYTES,
    ) -> Slice:
        """Sizes first, then those documents that fit: the driver would have read whole batches of 16 MB."""
        read = partial(self._page, collection, where, sort, limit, most_bytes)
        return await from_a_snapshot(lambda: asyncio.to_thread(read))

    def _page(
        self, name: str, where: Mapping[str, Any], sort: Sequence[tuple[str, int]], limit: int, most_bytes: int
    ) -> Slice:
        collection = self.database.delegate[name]
        with self._client.delegate.start_session(snapshot=True) as session:
            size = {"size": {"$bsonSize": "$$ROOT"}}
            sized = list(collection.find(where, size, sort=list(sort), limit=limit + 1, session=session))
            fit = fitting([each["size"] for each in sized[:limit]], most_bytes)
            ids = [each["_id"] for each in sized[:fit]]
            found = {each["_id"]: each for each in collection.find({"_id": {"$in": ids}}, session=session)}
        return Slice([found[id] for id in ids], more=fit < len(sized))

    async def count(self, collection: str, where: Mapping[str, Any], at_most: int | None = None) -> int:
        """One that ends at a bound takes no time, and waits for others like it (`GroupedReads`)."""
        if at_most is None:
            return await from_a_snapshot(lambda: self._of_one_moment(collection).count_documents(where))
        counts = self._counts.setdefault(collection, GroupedReads(partial(self._count, collection)))
        found = await counts.read([bounded(where, at_most)])
        return int(found[0]["count"]) if found else 0

    async def _count(self, collection: str, asked: Sequence[str]) -> list[Document]:
        now, pipeline = self._of_one_moment(collection).delegate, counting(collection, asked)
        return await from_a_snapshot(lambda: asyncio.to_thread(lambda: list(now.aggregate(pipeline))))

    async def total(self, collection: str, where: Mapping[str, Any], field: str) -> int:
        pipeline: list[Mapping[str, Any]] = [
            {"$match": where},
            {"$group": {"_id": None, "total": {"$sum": f"${field}"}}},
        ]
        found = await from_a_snapshot(lambda: self._of_one_moment(collection).aggregate(pipeline).to_list(1))
        return int(found[0]["total"]) if found else 0

    def _of_one_moment(self, collection: str) -> AsyncIOMotorCollection[Document]:
        """The collection as it was at one moment, however long the reading takes."""
        return self.database.get_collection(collection, read_concern=ReadConcern("snapshot"))

    async def aggregate(self, collection: str, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """All that a pipeline yields."""
        return await self.database[collection].aggregate(list(pipeline)).to_list(None)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Any]:
        """A session for commands that belong together, such as those of one cursor."""
        async with await self._client.start_session() as session:
            yield session

    async def commit(self, writes: list[Write]) -> None:
        try:
            await self.transact(writes)
        except Refused as refused:
            raise refused.told from refused

    async def transact(self, writes: Sequence[Write]) -> None:
        """What `commit` does, but for a refusal, which says what was refused.

        Raises:
            Refused: a claim is taken, an id is not free, a guard did not hold: which.
            LostRace, Unavailable: as `commit`.
        """
        started = time.perf_counter()
        transaction = partial(contextvars.copy_context().run, Transaction(self.database.delegate, writes).run)
        try:
            if guarded := await asyncio.get_running_loop().run_in_executor(self._threads, transaction):
                raise await self._missed(guarded)
        except ServerSelectionTimeoutError as error:
            raise store_away() from error
        except PyMongoError as error:
            if error.has_error_label("TransientTransactionError"):  # such as a primary that steps down: nothing is done
                raise LostRace("store") from error
            if isinstance(error, AWAY):
                raise store_away() from error
            raise
        finally:
            COMMIT_DURATION.record(time.perf_counter() - started)

    async def _missed(self, guarded: Sequence[Write]) -> Exception:
        """Which guards did not hold, by one read after the end: a transaction would see what it did itself."""
        guards = {write.id: guard for write in guarded if (guard := guard_of(write))}
        found = await self.database[guarded[0].collection].find({"$or": [*guards.values()]}, {"_id": 1}).to_list(None)
        held = {each["_id"] for each in found}
        missed = [write for write in guarded if write.id in guards and write.id not in held]
        return Refused(missed) if missed else LostRace("store")


def earlier(at: Timestamp, seconds: int) -> Timestamp:
    """A cluster time some seconds before another."""
    return Timestamp(max(at.time - seconds, 0), 0)
