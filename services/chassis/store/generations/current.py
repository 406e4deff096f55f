"""Which generation readers see now: the pointer, read at most once a second in each process."""

import time
from collections.abc import Collection

from services.chassis.store.document_store import Store
from services.chassis.store.generations.generation import FIRST, generation_of
from services.chassis.store.generations.pointer import THE_POINTER, Pointer

FRESH_FOR = 1.0
"""Seconds. After a swap both generations stand still for longer than that, so that no two readers can differ."""


class Shown:
    """The store as readers see it; who asks once has one generation for all that it reads.

    Args:
        store: of the service.
        collections: of its projection; with none, the store is always itself, and nothing is read.
    """

    def __init__(self, store: Store, collections: Collection[str] = ()) -> None:
        self._store, self._collections = store, tuple(collections)
        self._seen, self._until = store, 0.0

    async def now(self) -> Store:
        """The store with the generation that is shown. Raises Unavailable where that is not known and cannot be."""
        if self._collections and time.monotonic() >= self._until:
            asked = time.monotonic()
            rows = await self._store.read(Pointer.collection, [THE_POINTER])
            shown = rows[0]["shown"] if rows else FIRST
            if shown != self._seen.generation:
                self._seen = generation_of(self._store, self._collections, shown)
            self._until = asked + FRESH_FOR
        return self._seen
