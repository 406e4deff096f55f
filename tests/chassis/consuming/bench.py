"""A consumer without Kafka, on a store in memory: records are given by hand."""

import asyncio

from services.chassis.background.condition import Condition
from services.chassis.consuming.group import Group
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import Processor
from services.chassis.kafka.records import Partition, Record
from services.chassis.store.writes import Document
from services.chassis.testing.event_keys import KEYS
from services.chassis.testing.memory_store import MemoryStore
from tests.chassis.garden import PLANTS, Gardener

GROUP, LOG = "zone.test", "log-1"
PLACE = Partition(PLANTS.name, 0)


class Bench:
    """A consumer without Kafka: one partition, records given by hand."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.gardener = Gardener()
        self.condition = Condition("test")
        self.group = Group(GROUP, self.store, self.gardener.on, KEYS)
        self.processor = Processor(self.group, self.condition)
        self.enough = asyncio.Event()

    async def positions(self, log: str = LOG) -> Positions:
        return await Positions.read(self.store, GROUP, log, [PLACE])

    async def process(self, records: list[Record]) -> None:
        await self.processor.process(records, await self.positions(), self.enough)

    def bed(self, name: str = "bed_1") -> Document:
        return self.store.collections["beds"][name]

    def parked(self) -> dict[str, str]:
        return {row["_id"].removeprefix(f"{GROUP}|"): row["reason"] for row in self.store.rows("parked")}

    def inbox(self, plant: str = "plant_1") -> tuple[int, int]:
        row = self.store.collections["inbox"][f"{GROUP}|{plant}"]
        return row["sequence"], row["parked"]

    def next(self) -> int:
        return int(self.store.collections["offsets"][f"{GROUP}|{PLANTS.name}|0"]["next"])
