"""The document store, as a unit of work sees it: documents in, documents out, one transaction a commit."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.chassis.store.files import Files
from services.chassis.store.writes import Document, Write


class Store(Protocol):
    """Where documents live. `MongoStore` is the real one, `MemoryStore` its fake; the same tests run against both."""

    service: str

    @property
    def files(self) -> Files:
        """The bytes that lie beside its documents."""
        ...

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        """The documents with these ids, in any order; those that are missing are left out."""
        ...

    async def select(
        self, collection: str, where: Mapping[str, Any], sort: Sequence[tuple[str, int]], limit: int
    ) -> list[Document]:
        """The documents that match, sorted, at most `limit`; all of them as they were at one moment."""
        ...

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """How many documents match, at one moment."""
        ...

    async def total(self, collection: str, where: Mapping[str, Any], field: str) -> int:
        """The sum of a field of whole numbers over the documents that match, at one moment; what lacks it adds 0."""
        ...

    async def commit(self, writes: list[Write]) -> None:
        """Apply all of them in one transaction.

        Raises:
            LostRace: another commit came first; run the unit of work again.
            ZoneError: a claim is taken or a counter's bound reached, as the write itself says.
            Unavailable: the store is away, or the outcome is unknown.
        """
        ...
