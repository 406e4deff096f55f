"""The outbox as a change stream: committed events in order, from a resume token on, or from the very first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from services.chassis.store.mongo import HISTORY_LOST, MongoStore, earlier
from services.chassis.store.writes import Document

PAGE = 2_000
"""Rows at a time: what is done once a page, such as noting the token, is little by then."""

IDLE_MS = 500
"""How long the server waits for the next insert before it answers with a fresher resume token."""

KEPT_SECONDS = 3_600
PRUNED_AT_ONCE = 2_000
INSERTS = {"$match": {"operationType": "insert"}}
PUBLISHED = (
    "_id", "topic", "key", "type", "time", "effective_at", "business_id", "partner_id", "hash", "headers", "data",
)  # fmt: skip
WHAT_IS_READ = {"$project": {"clusterTime": 1} | {f"fullDocument.{name}": 1 for name in PUBLISHED}}
"""Of each change. The rest, such as whose transaction it was, would cost more to decode than the event itself."""


class HistoryLost(Exception):
    """The stream cannot be resumed where it was left: its token is too old, or none of ours."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order of their commits, and where the stream goes on after them.

    Attributes:
        rows: none, while nothing is written.
        token: resumes after these rows.
        until: cluster time of the last row's commit; None without any.
    """

    rows: list[Document]
    token: Any
    until: Any


class Changes:
    """A change stream on `outbox`, read by raw commands: motor's own iteration costs a thread hop an event.

    The next page is asked for while the one before is being published.
    """

    def __init__(self, store: MongoStore, session: Any, opened: Document) -> None:
        self._store, self._session = store, session
        self._id = opened["cursor"]["id"]
        self._ahead = asyncio.create_task(_at_once(_page(opened["cursor"], opened["cursor"]["firstBatch"])))

    async def next(self) -> Page:
        """The next rows, or after `IDLE_MS` none. Raises HistoryLost."""
        page = await self._ahead
        self._ahead = asyncio.create_task(self._more())
        return page

    async def _more(self) -> Page:
        if not self._id:
            raise HistoryLost("the stream was ended by the server")
        more = {"getMore": self._id, "collection": "outbox", "batchSize": PAGE, "maxTimeMS": IDLE_MS}
        answer = await _command(self._store, more, self._session)
        self._id = answer["cursor"]["id"]
        return _page(answer["cursor"], answer["cursor"]["nextBatch"])

    async def close(self) -> None:
        """Wait for the page on its way, at most `IDLE_MS`, and let the server forget the stream."""
        with suppress(Exception):
            await self._ahead  # a session serves one command at a time
        await _kill(self._store, self._id, self._session)


async def _at_once(page: Page) -> Page:
    return page


def _page(cursor: Document, changes: list[Document]) -> Page:
    return Page(
        [change["fullDocument"] for change in changes],
        cursor["postBatchResumeToken"],
        changes[-1]["clusterTime"] if changes else None,
    )


async def _command(store: MongoStore, command: Document, session: Any) -> Document:
    try:
        answer: Document = await store.database.command(
            command, session=session, codec_options=store.database.codec_options
        )
    except Exception as error:
        if getattr(error, "code", None) in HISTORY_LOST:
            raise HistoryLost(str(error)) from error
        raise
    return answer


@asynccontextmanager
async def changes(store: MongoStore, token: Any) -> AsyncIterator[Changes]:
    """Inserts after a resume token. Raises HistoryLost, here or at any `next`."""
    async with store.session() as session:
        opened = await _command(store, _aggregate({"resumeAfter": token}), session)
        stream = Changes(store, session, opened)
        try:
            yield stream
        finally:
            await stream.close()


async def end_of_stream(store: MongoStore) -> tuple[Any, Any]:
    """A resume token for what will be inserted from now on, and the cluster time of this moment.

    Now is the time of a write that a majority has acknowledged: whatever was committed before it is seen by every
    later read, and whatever comes after it is in the stream. (A stream that is simply opened begins at the last
    write of all, also one that no majority has yet and the next read does not see: that event would be in neither.)
    """
    async with store.session() as session:
        mark = {"q": {"_id": "outbox"}, "u": {"$inc": {"resyncs": 1}}, "upsert": True}
        majority = {"w": "majority", "wtimeout": 10_000}
        written = await _command(store, {"update": "relay", "updates": [mark], "writeConcern": majority}, session)
        if lag := written.get("writeConcernError"):
            raise TimeoutError(f"no majority acknowledged the beginning of a resync: {lag}")
        now = written["operationTime"]
        opened = await _command(store, _aggregate({"startAtOperationTime": now}, batch=0), session)
        await _kill(store, opened["cursor"]["id"], session)
        return opened["cursor"]["postBatchResumeToken"], now


def _aggregate(options: Document, *, batch: int = PAGE) -> Document:
    return {
        "aggregate": "outbox",
        "pipeline": [{"$changeStream": options}, INSERTS, WHAT_IS_READ],
        "cursor": {"batchSize": batch},
        "readConcern": {"level": "majority"},
    }


async def _kill(store: MongoStore, cursor: int, session: Any) -> None:
    if not cursor:
        return
    with suppress(Exception):  # the server forgets an idle cursor by itself
        await store.database.command({"killCursors": "outbox", "cursors": [cursor]}, session=session)


async def whole_outbox(store: MongoStore) -> AsyncIterator[list[Document]]:
    """Every row that is still kept, in `_id` order and so in the order of each aggregate."""
    after = ""
    while rows := await store.select("outbox", {"_id": {"$gt": after}}, [("_id", 1)], PAGE):
        yield rows
        after = rows[-1]["_id"]


async def oldest_range(store: MongoStore, published_to: Any) -> Any:
    """The `at` up to which the next few rows may be pruned: published over an hour ago, by the server's clock alone.

    Returns None where there are none.
    """
    old = {"at": {"$lt": earlier(published_to, KEPT_SECONDS)}}
    rows = await store.database["outbox"].find(old, {"at": 1}, sort=[("at", 1)], limit=PRUNED_AT_ONCE).to_list(None)
    return rows[-1]["at"] if rows else None


async def prune(store: MongoStore, up_to: Any) -> int:
    """Delete the rows of one range. Returns how many."""
    result = await store.database["outbox"].delete_many({"at": {"$lte": up_to}})
    return result.deleted_count
