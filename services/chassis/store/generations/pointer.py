"""The pointer of a projection: which of its generations is shown, which are fed, which is kept, in one document."""

from collections.abc import Mapping
from typing import ClassVar, Final

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.store.generations.generation import FIRST
from services.chassis.store.unit_of_work import Tx

THE_POINTER: Final = "projection"

Versions = dict[str, int]
"""What a projection is made of, each with the version of its definition."""


class Pointer(Aggregate):
    """Which generations of a service's projection there are. A number is never given twice.

    Attributes:
        shown: the one that readers see.
        built: the one that is to take its place, fed beside it; None where nothing is under way.
        kept: the one that was shown before, at rest, so that one may go back to it.
        dropped: those of which something may be left in the database.
        last: the highest number given so far.
        versions: of each but the dropped, by which definitions it was begun.
    """

    collection: ClassVar[str] = "generations"

    shown: int = FIRST
    built: int | None = None
    kept: int | None = None
    dropped: list[int] = Field(default_factory=list)
    last: int = FIRST
    versions: dict[str, Versions] = Field(default_factory=dict)

    @classmethod
    def first(cls, versions: Mapping[str, int]) -> "Pointer":
        """The pointer of a projection that was never built anew."""
        return cls(id=THE_POINTER, versions={str(FIRST): dict(versions)})

    @property
    def fed(self) -> list[int]:
        """The generations that hear events."""
        return [self.shown, *([] if self.built is None else [self.built])]

    def versions_of(self, generation: int) -> Versions:
        """The versions of the definitions by which a generation was begun."""
        return self.versions.get(str(generation), {})

    def begin(self, versions: Mapping[str, int]) -> int:
        """Feed a new generation beside the shown one; the kept one makes room for it. Returns its number."""
        self.drop(self.kept)
        self.last += 1
        self.built = self.last
        self.versions[str(self.last)] = dict(versions)
        return self.last

    def wake(self, generation: int) -> None:
        """Feed the kept generation again."""
        assert generation == self.kept, "there is no other to go back to"
        self.built, self.kept = generation, None

    def rest(self) -> None:
        """Keep the one that was woken, as before."""
        self.built, self.kept = None, self.built

    def show(self) -> None:
        """Let readers see the one that was built, and keep the one that they saw."""
        assert self.built is not None, "there is none to be shown"
        self.shown, self.kept, self.built = self.built, self.shown, None

    def drop(self, generation: int | None) -> None:
        """Give one up that is not shown; nothing happens where there is none."""
        if generation is None:
            return
        assert generation != self.shown, "somebody reads it"
        self.built = None if self.built == generation else self.built
        self.kept = None if self.kept == generation else self.kept
        self.dropped.append(generation)
        self.versions.pop(str(generation), None)

    def forget(self, generation: int) -> None:
        """Nothing of it is left in the database."""
        self.dropped.remove(generation)


async def pointer(tx: Tx, versions: Mapping[str, int]) -> Pointer:
    """The service's pointer; where there is none yet, that of the first generation with these definitions."""
    found = await tx.find(Pointer, THE_POINTER)
    return found or tx.save(Pointer.first(versions))
