"""A store in memory for tests, as strict as the real one."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.chassis.store.writes import (
    Adjust,
    Claim,
    Document,
    Insert,
    Put,
    Refused,
    Release,
    Remove,
    Replace,
    Write,
    by_collection,
)
from services.chassis.testing.matching import matches, sortable, value_at


class MemoryStore:
    """A `Store` in memory, as strict as the real one: guards, claims and bounds refuse exactly as MongoDB does."""

    def __init__(self, service: str = "test") -> None:
        self.service = service
        self.collections: dict[str, dict[str, Document]] = {}

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        stored = self.collections.get(collection, {})
        return [copy.deepcopy(stored[id]) for id in ids if id in stored]

    async def select(
        self, collection: str, where: Mapping[str, Any], sort: Sequence[tuple[str, int]], limit: int
    ) -> list[Document]:
        found = self._matching(collection, where)
        for name, direction in reversed(sort):
            found.sort(key=lambda each: sortable(each, name), reverse=direction < 0)
        return copy.deepcopy(found[:limit])

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        return len(self._matching(collection, where))

    async def total(self, collection: str, where: Mapping[str, Any], field: str) -> int:
        values = (value_at(each, field) for each in self._matching(collection, where))
        return sum(value for value in values if isinstance(value, int) and not isinstance(value, bool))

    def _matching(self, collection: str, where: Mapping[str, Any]) -> list[Document]:
        return [each for each in self.collections.get(collection, {}).values() if matches(each, where)]

    async def commit(self, writes: list[Write]) -> None:
        try:
            await self.transact(writes)
        except Refused as refused:
            raise refused.told from refused

    async def transact(self, writes: Sequence[Write]) -> None:
        """As `MongoStore.transact`."""
        after = copy.deepcopy(self.collections)
        for collection, group in by_collection(writes).items():
            for write in group:
                _apply(write, after.setdefault(collection, {}))
        self.collections = after

    def rows(self, collection: str) -> list[Document]:
        """What a collection holds, by id; for a test that looks behind the curtain."""
        return [document for _, document in sorted(self.collections.get(collection, {}).items())]


def _apply(write: Write, stored: dict[str, Document]) -> None:
    current = stored.get(write.id)
    match write:
        case Insert(document=document):
            if current is not None:
                raise Refused([write])
            stored[write.id] = copy.deepcopy(document)
        case Replace(guard=guard, document=document):
            if current is None or not matches(current, guard):
                raise Refused([write])
            stored[write.id] = copy.deepcopy(document)
        case Put(document=document):
            stored[write.id] = copy.deepcopy(document)
        case Remove():
            stored.pop(write.id, None)
        case Claim(holder=holder, now=now):
            if current is not None and current["holder"] != holder and not _expired(current, now):
                raise Refused([write])
            stored[write.id] = write.document()
        case Release(holder=holder):
            if current is not None and current["holder"] == holder:
                del stored[write.id]
        case Adjust(create=create):
            if current is None and create is None:
                raise Refused([write])
            moved: Document = copy.deepcopy(current) if current is not None else {"_id": write.id, **dict(create or {})}
            for name, delta in write.moves.items():
                _increment(moved, name.split("."), delta)
            if current is not None and not matches(current, write.where):
                raise Refused([write])
            if not all(_number(moved, name) <= _number(moved, bound) for name, bound in write.at_most.items()):
                raise Refused([write])
            if not all(_number(moved, name) >= _number(moved, bound) for name, bound in write.at_least.items()):
                raise Refused([write])
            stored[write.id] = moved


def _expired(claim: Document, now: datetime) -> bool:
    return claim["until"] is not None and claim["until"] <= now


def _increment(document: Document, path: list[str], delta: int) -> None:
    for name in path[:-1]:
        document = document.setdefault(name, {})
    document[path[-1]] = document.get(path[-1], 0) + delta


def _number(document: Document, bound: int | str) -> int:
    """A bound, or the field that it names; one that is missing counts as 0."""
    return int(value_at(document, bound) or 0) if isinstance(bound, str) else bound
