"""The document store, as a unit of work sees it: documents in, documents out, one transaction a commit."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple, Protocol

from services.chassis.store.files import Files
from services.chassis.store.writes import Document, Write

PAGE_BYTES: Final = 2 * 1024 * 1024
"""How much one page reads: in memory, as documents, models and JSON, it is some fifteen times that until it is sent."""


class Slice(NamedTuple):
    """A part of what matches, from its beginning, and whether more do."""

    documents: list[Document]
    more: bool


def fitting(sizes: Sequence[int], most_bytes: int) -> int:
    """How many, from the first on, make no more than so many bytes together; one in any case, where there is one."""
    together = accumulate(sizes)
    return next((place for place, each in enumerate(together) if place and each > most_bytes), len(sizes))


class Store(Protocol):
    """Where documents live. `MongoStore` is the real one, `MemoryStore` its fake; the same tests run against both."""

    service: str
    generation: int
    """Of the service's projection (`generations`); 1 in a service without one."""

    @property
    def files(self) -> Files:
        """The bytes that lie beside its documents."""
        ...

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        """The documents with these ids, in any order; those that are missing are left out."""
        ...

    async def read_together(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Document]]:
        """As `read`, from several collections: all of them as they were at one moment, by collection."""
        ...

    async def select(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        members: Sequence[str] = (),
    ) -> list[Document]:
        """The documents that match, sorted, at most `limit`; all of them as they were at one moment.

        Of each only `_id` and these members, given by their dotted paths; all of it where none is named.
        """
        ...

    async def page(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        most_bytes: int = PAGE_BYTES,
    ) -> Slice:
        """As `select`, but for documents that make no more than so many bytes of BSON together; one in any case."""
        ...

    async def count(self, collection: str, where: Mapping[str, Any], at_most: int | None = None) -> int:
        """How many documents match, at one moment; no more than `at_most` are counted where that is given."""
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
