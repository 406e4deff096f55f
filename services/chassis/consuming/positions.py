"""Consumer offsets, kept with the state that the events produced, in the same transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from services.chassis.kafka.records import Partition, Record
from services.chassis.store.document_store import Store
from services.chassis.store.writes import Document, Insert, Replace, Write

EVERY_PARTITION: Final = 10_000
"""More than one service reads: a handful of topics of 12 partitions each."""

Through = dict[str, dict[str, int]]
"""Topic → partition → the last offset that has taken effect."""


class Positions:
    """Rows `{_id: <group>|<topic>|<partition>, next, cluster}` of the partitions that one worker reads.

    The compare-and-set on them is what decides between two workers that both believe to have a partition.
    `cluster` names the log: a position in another one means nothing, so that one is read from its start, and
    `inbox` drops what took effect before. `worker` is the place of that worker among those of its group.

    A row may say `until`: nobody moves to that offset or past it, as long as it stands (`ends`). And `begun`, where the
    log began only there when a generation began to read it.
    """

    def __init__(
        self,
        group: str,
        cluster: str,
        partitions: Iterable[Partition],
        rows: Iterable[Document],
        *,
        worker: int = 0,
    ) -> None:
        self.cluster, self.worker = cluster, worker
        self._group = group
        self._rows = {row["_id"]: row for row in rows}
        self.next = {partition: self._start(partition) for partition in partitions}
        self._until = {partition: end for partition in self.next if (end := self._end(partition)) is not None}

    @classmethod
    async def read(
        cls, store: Store, group: str, cluster: str, partitions: Iterable[Partition], *, worker: int = 0
    ) -> "Positions":
        partitions = list(partitions)
        ids = [id_of_position(group, partition) for partition in partitions]
        return cls(group, cluster, partitions, await store.read("offsets", ids) if ids else (), worker=worker)

    def _start(self, partition: Partition) -> int:
        row = self._known(partition)
        return int(row["next"]) if row else 0

    def _end(self, partition: Partition) -> int | None:
        row = self._known(partition)
        return row.get("until") if row else None

    def _known(self, partition: Partition) -> Document | None:
        """The stored row of a partition, where that speaks of this log."""
        row = self._rows.get(id_of_position(self._group, partition))
        return row if row and row["cluster"] == self.cluster else None

    @property
    def unknown(self) -> list[Partition]:
        """Partitions that have no row yet."""
        return [each for each in self.next if id_of_position(self._group, each) not in self._rows]

    @property
    def moving(self) -> dict[Partition, int]:
        """Where to go on in those that are not at their end."""
        ends = self._until
        return (
            {each: at for each, at in self.next.items() if each not in ends or at < ends[each]} if ends else self.next
        )

    def before_the_end(self, records: Sequence[Record]) -> Sequence[Record]:
        """Those of some records that may take effect."""
        ends = self._until
        if not ends:
            return records
        return [each for each in records if each.place not in ends or each.offset < ends[each.place]]

    def begin(self, at: Mapping[Partition, int]) -> list[Write]:
        """Rows for partitions that have none, of which the log begins there."""
        return [
            Insert("offsets", self._row(each, offset) | ({"begun": offset} if offset else {}))
            for each, offset in at.items()
        ]

    def writes(self, moves: Mapping[Partition, int]) -> list[Write]:
        """Move on, from exactly where we stood."""
        return [self._write(self._row(partition, offset)) for partition, offset in moves.items()]

    def moved(self, moves: Mapping[Partition, int]) -> None:
        """The move was committed."""
        for partition, offset in moves.items():
            row = self._row(partition, offset)
            self._rows[row["_id"]] = row
            self.next[partition] = offset

    def _row(self, partition: Partition, offset: int) -> Document:
        known = self._known(partition) or {}
        return {**known, "_id": id_of_position(self._group, partition), "next": offset, "cluster": self.cluster}

    def _write(self, row: Document) -> Write:
        before = self._rows.get(row["_id"])
        if before is None:
            return Insert("offsets", row)
        return Replace("offsets", row["_id"], guard_of_position(before), row)


def guard_of_position(row: Document) -> Document:
    """What must still stand there for a position to be moved."""
    return {"next": row["next"], "cluster": row["cluster"], "until": row.get("until")}


def rows_of(group: str) -> Document:
    """The filter of all documents of a group whose ids begin with its name."""
    return {"_id": {"$gte": f"{group}|", "$lt": f"{group}}}"}}  # '}' follows '|'


async def through(store: Store, group: str, topics: Collection[str]) -> Through:
    """Up to where these topics have taken effect; partitions of which nothing has are left out."""
    found: Through = {topic: {} for topic in sorted(topics)}
    for row in await store.select("offsets", rows_of(group), [("_id", 1)], EVERY_PARTITION):
        _, topic, number = row["_id"].split("|")
        if topic in found and row["next"] > 0:
            found[topic][number] = row["next"] - 1
    return found


def id_of_position(group: str, partition: Partition) -> str:
    """Under which the position of a partition stands."""
    return f"{group}|{partition.topic}|{partition.number}"
