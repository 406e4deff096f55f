"""Ends of positions: how two groups that read one log come to stand at one place, and go on from there.

An end is `until` in a row of `offsets`, which every move of that position is guarded by: once an end is committed, no
worker goes past it, also none that does not know of it yet.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from services.chassis.consuming.positions import EVERY_PARTITION, guard_of_position, rows_of
from services.chassis.domain.aggregate import Row
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Document, Replace


class Position(Row):
    """How far a group has read a partition; `until` where it is not to go further, `begun` where it could not begin
    at 0."""

    collection: ClassVar[str] = "offsets"

    next: int
    cluster: str
    until: int | None = None
    begun: int = 0

    @property
    def place(self) -> str:
        """`<topic>|<partition>`."""
        return self.id.partition("|")[2]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is to take effect."""
        return self.until is not None and self.next >= self.until


Positioned = Mapping[str, Position]
"""Positions of a group, by their place in the log."""


async def positions_of(tx: Tx, group: str) -> dict[str, Position]:
    """How far a group has come, as it is committed."""
    return {each.place: each for each in await tx.select(Position, rows_of(group), limit=EVERY_PARTITION)}


class Gap(NamedTuple):
    """How far one group is behind another that reads the same log, and how much it has read, in records."""

    read: int
    behind: int


def gap(of: Positioned, to: Positioned) -> Gap:
    """What a group has read, and what it still has to read to be where the other one is."""
    read = sum(each.next - each.begun for each in of.values())
    behind = sum(max(other.next - (of[place].next if place in of else 0), 0) for place, other in to.items())
    return Gap(read, behind)


def may_meet(one: Positioned, other: Positioned) -> bool:
    """Whether both know the same partitions of the same log: only then can they stand at one place."""
    log = [{(place, each.cluster) for place, each in positions.items()} for positions in (one, other)]
    return bool(log[0]) and log[0] == log[1]


def meet(tx: Tx, one: Positioned, other: Positioned) -> None:
    """Let both go as far as the one that is further, and no further, in every partition."""
    for place, each in one.items():
        end = max(each.next, other[place].next)
        for position in (each, other[place]):
            _end(tx, position, end)


def go_on(tx: Tx, positions: Iterable[Position]) -> None:
    """Let a group go on, wherever it had an end."""
    for each in positions:
        if each.until is not None:
            _end(tx, each, None)


def _end(tx: Tx, position: Position, until: int | None) -> None:
    before: Document = position.to_document()
    after: dict[str, Any] = {name: value for name, value in before.items() if name != "until"}
    if until is not None:
        after["until"] = until
    tx.write(Replace(Position.collection, position.id, guard_of_position(before), after))
