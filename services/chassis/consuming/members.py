"""Group membership: the living workers, by the clock of the database, and each one's share of the partitions."""

from typing import NamedTuple

from services.chassis.background.condition import Condition
from services.chassis.consuming.positions import rows_of
from services.chassis.store.mongo import MongoStore

ANNOUNCE_EVERY = 1.0
TO_LIVE_MS = 3_000
FORGET_AFTER_MS = 60_000


class Rank(NamedTuple):
    """A worker's place among the living: partition p of every topic is for the one whose place is p mod `of`."""

    place: int
    of: int

    def takes(self, partition: int) -> bool:
        return partition % self.of == self.place


class Members:
    """One worker's membership in a group.

    It is a hint that spreads the work. Two workers that both believe to have a partition cost a lost
    transaction, never a wrong one: the compare-and-set on `offsets` decides.
    """

    def __init__(self, store: MongoStore, group: str, worker: str) -> None:
        self._documents = store.database["members"]
        self._group = rows_of(group)
        self._id = f"{group}|{worker}"

    async def announce(self, condition: Condition) -> Rank:
        """Say that we live, for `TO_LIVE_MS`, and how we are; and see who else does."""
        said = {name: {"$literal": value} for name, value in condition.health().items()}
        await self._documents.update_one(
            {"_id": self._id}, [{"$set": {"until": {"$add": ["$$NOW", TO_LIVE_MS]}, **said}}], upsert=True
        )
        alive = {**self._group, "$expr": {"$gt": ["$until", "$$NOW"]}}
        living = [
            each["_id"] for each in await self._documents.find(alive, {"_id": 1}, sort=[("_id", 1)]).to_list(None)
        ]
        if self._id not in living:  # the server took longer to answer than we live
            living = sorted([*living, self._id])
        return Rank(living.index(self._id), len(living))

    async def leave(self) -> None:
        """Be gone at once, and clear away those that died without a word."""
        long_dead = {"$lt": ["$until", {"$subtract": ["$$NOW", FORGET_AFTER_MS]}]}
        await self._documents.delete_many({**self._group, "$or": [{"_id": self._id}, {"$expr": long_dead}]})
