"""A store in memory for tests, as strict as the real one."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Self

from services.chassis.domain.aggregate import Row
from services.chassis.service import Service
from services.chassis.store.codec import size_of
from services.chassis.store.document_store import PAGE_BYTES, Slice, fitting
from services.chassis.store.generations.generation import FIRST
from services.chassis.store.writes import (
    Adjust,
    Claim,
    Document,
    Insert,
    InvalidDocument,
    Put,
    Refused,
    Release,
    Remove,
    Replace,
    Write,
    by_collection,
)
from services.chassis.testing.matching import matches, sortable, value_at
from services.chassis.testing.memory_files import MemoryFiles
from services.chassis.testing.validator import Validator


class MemoryStore:
    """A `Store` in memory, as strict as the real one: guards, claims, bounds and validators refuse as MongoDB does.

    Args:
        service: its name, the source of its events.
        documents: what is kept; the validators of all others are not known.
    """

    def __init__(self, service: str = "test", documents: Sequence[type[Row]] = ()) -> None:
        self.service, self.generation = service, FIRST
        self.files = MemoryFiles()
        self.collections: dict[str, dict[str, Document]] = {}
        self._validators = {row.collection: Validator(row.validator) for row in documents}

    @classmethod
    def of(cls, service: Service) -> Self:
        """The store of a whole service, which knows all of its documents."""
        return cls(service.name, service.documents)

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        stored = self.collections.get(collection, {})
        return [copy.deepcopy(stored[id]) for id in ids if id in stored]

    async def read_together(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Document]]:
        return {collection: await self.read(collection, ids) for collection, ids in wanted.items()}

    async def select(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        members: Sequence[str] = (),
    ) -> list[Document]:
        found = self._matching(collection, where)
        for name, direction in reversed(sort):
            found.sort(key=lambda each: sortable(each, name), reverse=direction < 0)
        return [copy.deepcopy(_only(each, members) if members else each) for each in found[:limit]]

    async def page(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        most_bytes: int = PAGE_BYTES,
    ) -> Slice:
        found = await self.select(collection, where, sort, limit + 1)
        fit = fitting([size_of(each) for each in found[:limit]], most_bytes)
        return Slice(found[:fit], more=fit < len(found))

    async def count(self, collection: str, where: Mapping[str, Any], at_most: int | None = None) -> int:
        return len(self._matching(collection, where)[:at_most])

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
                self._judge(write, after[collection])
        self.collections = after

    def _judge(self, write: Write, stored: Mapping[str, Document]) -> None:
        validator = self._validators.get(write.collection)
        if validator and write.id in stored and (members := validator.violated(stored[write.id])):
            raise Refused([write], InvalidDocument(write, members))

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
        case Remove(where=where):
            if current is not None and matches(current, where):
                del stored[write.id]
        case Claim(holder=holder):
            if current is not None and current["holder"] != holder and not write.may_take_over(current):
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


def _only(document: Document, paths: Sequence[str]) -> Document:
    """The document with nothing but its id and what stands at these paths."""
    found: Document = {"_id": document["_id"]}
    for path in paths:
        source, target = document, found
        *way, last = path.split(".")
        for name in way:
            if name not in source:
                break
            source, target = source[name], target.setdefault(name, {})
        else:
            if last in source:
                target[last] = source[last]
    return found


def _increment(document: Document, path: list[str], delta: int) -> None:
    for name in path[:-1]:
        document = document.setdefault(name, {})
    document[path[-1]] = document.get(path[-1], 0) + delta


def _number(document: Document, bound: int | str) -> int:
    """A bound, or the field that it names; one that is missing counts as 0."""
    return int(value_at(document, bound) or 0) if isinstance(bound, str) else bound
