"""Consumer offsets, kept with the state that the events produced, in the same transaction."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from services.chassis.kafka.records import Partition
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

    @classmethod
    async def read(
        cls, store: Store, group: str, cluster: str, partitions: Iterable[Partition], *, worker: int = 0
    ) -> "Positions":
        partitions = list(partitions)
        ids = [_id(group, partition) for partition in partitions]
        return cls(group, cluster, partitions, await store.read("offsets", ids) if ids else (), worker=worker)

    def _start(self, partition: Partition) -> int:
        row = self._rows.get(_id(self._group, partition))
        return int(row["next"]) if row and row["cluster"] == self.cluster else 0

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
        return {"_id": _id(self._group, partition), "next": offset, "cluster": self.cluster}

    def _write(self, row: Document) -> Write:
        before = self._rows.get(row["_id"])
        if before is None:
            return Insert("offsets", row)
        return Replace("offsets", row["_id"], {"next": before["next"], "cluster": before["cluster"]}, row)


async def through(store: Store, group: str, topics: Collection[str]) -> Through:
    """Up to where these topics have taken effect; partitions of which nothing has are left out."""
    of_the_group = {"_id": {"$gte": f"{group}|", "$lt": f"{group}}}"}}  # '}' follows '|'
    found: Through = {topic: {} for topic in sorted(topics)}
    for row in await store.select("offsets", of_the_group, [("_id", 1)], EVERY_PARTITION):
        _, topic, number = row["_id"].split("|")
        if topic in found and row["next"] > 0:
            found[topic][number] = row["next"] - 1
    return found


def _id(group: str, partition: Partition) -> str:
    return f"{group}|{partition.topic}|{partition.number}"
