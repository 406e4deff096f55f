"""Grouped reads: while one read of a collection by id is under way, those that come meanwhile share the next.

What a query costs its driver is mostly the same for one document as for fifty. Nobody waits for company, and no read
begins before it was asked for: who was told that a write is committed finds it.
"""

import asyncio
import contextvars
import copy
import pickle
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.chassis.domain.errors import Unavailable
from services.chassis.store.writes import Document

LARGEST = 100
"""Ids in one query; who asks for more asks alone, and nobody waits for it."""
PATIENCE = 0.05
"""Seconds after which a query that has not come back keeps the others waiting no longer."""

Find = Callable[[Sequence[str]], Awaitable[list[Document]]]
"""The documents with these ids, in any order. Raises Unavailable where no server answers."""


class Asked:
    """Ids that wait for the next query; `outcome` is None where they are to be asked for alone."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = ids
        self.outcome: asyncio.Future[list[Document] | None] = asyncio.get_running_loop().create_future()
        self.context = contextvars.copy_context()

    @property
    def waits(self) -> bool:
        """Not once it knows its outcome, nor when its caller has left."""
        return not self.outcome.done()

    def found(self, documents: list[Document] | None) -> None:
        if self.waits:
            self.outcome.set_result(documents)

    def failed(self, error: Exception) -> None:
        if self.waits:
            self.outcome.set_exception(error)


class GroupedReads:
    """The reads by id of one collection.

    Args:
        find: one query.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._waiting: list[Asked] = []
        self._turn: asyncio.Handle | None = None
        """The timer of the query that others wait for: it ends their patience, or begins the next query."""
        self._queries: set[asyncio.Task[None]] = set()

    async def read(self, ids: Sequence[str]) -> list[Document]:
        """The documents with these ids, in any order. Raises whatever `find` does."""
        if len(ids) > LARGEST:
            return await self._find(ids)
        if self._turn is None:
            turn = self._take_turn()
            try:
                return await self._find(ids)
            finally:
                self._leave(turn)
        asked = Asked(ids)
        self._waiting.append(asked)
        found = await asked.outcome
        return found if found is not None else await self._find(ids)

    def _take_turn(self) -> asyncio.Handle:
        self._turn = asyncio.get_running_loop().call_later(PATIENCE, self._go_on)
        return self._turn

    def _leave(self, turn: asyncio.Handle) -> None:
        turn.cancel()
        if self._turn is turn:  # else the others have gone on without it
            self._go_on()

    def _go_on(self) -> None:
        """Begin the next query, once those who know their outcome now have gone on: what they ask next is in it."""
        self._turn = asyncio.get_running_loop().call_soon(self._begin) if self._waiting else None

    def _begin(self) -> None:
        """In a task of its own: it must not end with any one of its callers."""
        self._turn = None
        if group := self._next_group():
            turn = self._take_turn()
            query = asyncio.get_running_loop().create_task(self._run(group, turn), context=group[0].context)
            self._queries.add(query)
            query.add_done_callback(self._queries.discard)

    def _next_group(self) -> list[Asked]:
        """Those that wait, first come first served."""
        waiting = [asked for asked in self._waiting if asked.waits]
        room, count = LARGEST, 0
        while count < len(waiting) and (room := room - len(waiting[count].ids)) >= 0:
            count += 1
        self._waiting = waiting[count:]
        return waiting[:count]

    async def _run(self, group: list[Asked], turn: asyncio.Handle) -> None:
        try:
            await self._answer(group)
        except Unavailable as error:
            for asked in group:
                asked.failed(copy.copy(error))
        except Exception:  # some of the ids' own: whose, each finds out alone
            pass
        finally:
            for asked in group:
                asked.found(None)
            self._leave(turn)

    async def _answer(self, group: list[Asked]) -> None:
        """Each gets documents of its own: what one changes in them the others do not see.

        A pickle is read five times as fast as a document is copied.
        """
        ids = list(dict.fromkeys(id for asked in group for id in asked.ids))
        documents = {document["_id"]: document for document in await self._find(ids)}
        wanted = Counter(id for asked in group for id in set(asked.ids))
        shared = {id: pickle.dumps(documents[id]) for id in documents if wanted[id] > 1}
        for asked in group:
            found = [id for id in dict.fromkeys(asked.ids) if id in documents]
            asked.found([pickle.loads(shared[id]) if id in shared else documents[id] for id in found])


def of_several(wanted: Mapping[str, Sequence[str]]) -> tuple[str, list[Document]]:
    """The collection and the pipeline of one query of several collections by id; each row says of which it is."""
    (first, ids), *others = wanted.items()
    unions = [{"$unionWith": {"coll": name, "pipeline": _by_id(name, of_it)}} for name, of_it in others]
    return first, [*_by_id(first, ids), *unions]


def _by_id(collection: str, ids: Sequence[str]) -> list[Document]:
    row = {"_id": 0, "collection": {"$literal": collection}, "document": "$$ROOT"}
    return [{"$match": {"_id": {"$in": list(ids)}}}, {"$project": row}]
