"""A generation of a projection: a store in which the collections that follow from events are those of one rebuild."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.chassis.store.document_store import PAGE_BYTES, Slice, Store
from services.chassis.store.writes import Document, Write

FIRST: Final = 1
"""The generation that a service is born with; its collections have no suffix."""
WITH_IT: Final = frozenset({"inbox", "offsets", "parked"})
"""Of the chassis: what a consumer writes beside what it projects, under the name of its group."""


def collection_of(name: str, generation: int) -> str:
    """Where one generation keeps what the first keeps under this name: `buckets`, `buckets.g2`, …"""
    return name if generation == FIRST else f"{name}.g{generation}"


class Generation:
    """A `Store` that leads to one generation of a projection, and to everything else as it is.

    Who works through it sees no other generation, whatever becomes the shown one meanwhile.

    Attributes:
        whole: the store behind it.

    Args:
        store: of the service.
        collections: of the projection.
        number: from 2 on; the first is the store itself, see `generation_of`.
    """

    def __init__(self, store: Store, collections: Collection[str], number: int) -> None:
        self.service, self.files, self.generation = store.service, store.files, number
        self.whole = store
        self._names = {name: collection_of(name, number) for name in collections}

    def _name(self, collection: str) -> str:
        return self._names.get(collection, collection)

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        return await self.whole.read(self._name(collection), ids)

    async def read_together(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Document]]:
        found = await self.whole.read_together({self._name(name): ids for name, ids in wanted.items()})
        return {name: found[self._name(name)] for name in wanted}

    async def select(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        members: Sequence[str] = (),
    ) -> list[Document]:
        return await self.whole.select(self._name(collection), where, sort, limit, members)

    async def page(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        most_bytes: int = PAGE_BYTES,
    ) -> Slice:
        return await self.whole.page(self._name(collection), where, sort, limit, most_bytes)

    async def count(self, collection: str, where: Mapping[str, Any], at_most: int | None = None) -> int:
        return await self.whole.count(self._name(collection), where, at_most)

    async def total(self, collection: str, where: Mapping[str, Any], field: str) -> int:
        return await self.whole.total(self._name(collection), where, field)

    async def commit(self, writes: list[Write]) -> None:
        names = self._names
        await self.whole.commit(
            [replace(each, collection=names[each.collection]) if each.collection in names else each for each in writes]
        )


class Silent(Generation):
    """A generation as its consumer writes it: nothing but itself. Whatever else a handler would do, it did before.

    Raises:
        TypeError: at a commit, of an event or of a document of another kind.
    """

    async def commit(self, writes: list[Write]) -> None:
        own = WITH_IT | self._names.keys()
        if beside := {each.collection for each in writes} - own:
            raise TypeError(f"a projection that is built anew writes nothing but itself, and not {sorted(beside)}")
        await super().commit(writes)


def generation_of(store: Store, collections: Collection[str], number: int) -> Store:
    """The store as one generation sees it, whichever it is seen through so far."""
    whole = store.whole if isinstance(store, Generation) else store
    return whole if number == FIRST else Generation(whole, collections, number)
