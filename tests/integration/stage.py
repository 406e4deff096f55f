"""One service on a real database and a real broker: a garden whose plants grow by events of its own."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

from services.chassis.consuming.consumer import Consumer
from services.chassis.consuming.dead_letters import DeadLetters
from services.chassis.consuming.group import Group
from services.chassis.domain.times import utc_now
from services.chassis.kafka.client import describe_log
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition, Record
from services.chassis.publishing.relay import Relay
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEY, KEYS
from tests.chassis.garden import Bed, Gardener, Plant

PATIENCE = 20.0
"""Seconds after which a test no longer believes that it will happen."""


class Stage:
    """What one test uses alone.

    Args:
        mongo_url: of the shared server; the database is the stage's own.
        bootstrap: of a broker.
        topic: the stage's own, where the plants' events go.
    """

    def __init__(self, mongo_url: str, bootstrap: str, topic: str) -> None:
        self.service = f"t{uuid.uuid4().hex[:12]}"
        self.group = f"zone.{self.service}"
        self.url, self.bootstrap, self.topic = mongo_url, bootstrap, topic
        self.store = MongoStore(mongo_url, f"stage_{self.service}", self.service)
        self.gardener = Gardener()
        self.letters = DeadLetters(Group(self.group, self.store, self.gardener.on, KEYS))

    async def prepare(self) -> None:
        """Make the collections."""
        await self.store.prepare([Plant, Bed])

    def another_store(self) -> MongoStore:
        """The same database, as another process sees it."""
        return MongoStore(self.url, f"stage_{self.service}", self.service)

    async def grow(self, plant: str, amounts: Iterable[int]) -> None:
        """Commit events of a plant, each in a transaction of its own."""
        for amount in amounts:
            tx = Tx(self.store, now=utc_now())
            tx.save((await tx.find(Plant, plant) or Plant(id=plant)).grow(amount))
            await tx.commit()

    async def plant_many(self, plants: Sequence[str], amounts: Sequence[int]) -> None:
        """Commit all events of many plants in one transaction."""
        tx = Tx(self.store, now=utc_now())
        for id in plants:
            plant = Plant(id=id)
            for amount in amounts:
                plant.grow(amount)
            tx.save(plant)
        await tx.commit()

    @contextlib.asynccontextmanager
    async def running(self, *workers: Relay | Consumer) -> AsyncIterator[None]:
        """Relays and consumers at work, stopped gracefully at the end."""
        stop = asyncio.Event()
        tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*tasks)

    def relay(self, **options: Any) -> Relay:
        return Relay(self.store, self.bootstrap, KEY, **options)

    def consumer(self) -> Consumer:
        return Consumer(self.another_store(), self.bootstrap, self.gardener.on, KEYS)

    async def log(self) -> dict[str, list[str]]:
        """What stands in the topic now: event ids by partition key, in the order of the log."""
        found: dict[str, list[str]] = {}
        for record in await self.records():
            envelope = record.envelope()
            found.setdefault(envelope.key, []).append(envelope.id)
        return found

    async def records(self) -> list[Record]:
        """Every record of the topic."""
        _, counts = await describe_log(self.bootstrap)
        reader = await Reader.opened(self.bootstrap, {Partition(self.topic, n): 0 for n in range(counts[self.topic])})
        try:
            ends = await reader.ends()
            records: list[Record] = []
            while len(records) < sum(ends.values()):
                records += await reader.poll(5_000, 1.0)
            return records
        finally:
            await reader.close()

    async def publish(self, *records: Record) -> None:
        """Put records into the log past the relay."""
        producer = await Producer.started(self.bootstrap)
        try:
            await producer.send(records)
        finally:
            await producer.close()

    async def beds(self) -> dict[str, list[int]]:
        """The sequences that took effect, by bed."""
        rows = await self.store.select(Bed.collection, {}, [("_id", 1)], 100_000)
        return {row["_id"]: row["order"] for row in rows}

    async def applied(self) -> int:
        return sum(map(len, (await self.beds()).values()))

    async def state(self) -> dict[str, Any]:
        """The relay's own document."""
        (found,) = await self.store.read("relay", ["outbox"])
        return found

    async def relay_has_begun(self) -> bool:
        """Whether everything from before the relay's start is published, and its place in the stream noted."""
        return "resume_token" in await self.state()

    async def last_row(self) -> dict[str, Any]:
        """The row that was committed last."""
        (row,) = await self.store.select("outbox", {}, [("at", -1)], 1)
        return row

    async def count(self, collection: str, expected: int) -> bool:
        """Whether a collection holds so many documents."""
        return len(await self.store.select(collection, {}, [("_id", 1)], expected + 1)) == expected

    async def fail_next(self, command: str, *, code: int, times: int = 1, after: bool = False) -> None:
        """Let the next commands of this stage fail, and nobody else's on the shared server.

        Args:
            code: of the server's error.
            after: whether they take effect, and it is only not known that a majority has them.
        """
        unknown = {"writeConcernError": {"code": code, "errmsg": "made to fail by a test"}}
        failure = unknown if after else {"errorCode": code}
        data = {"failCommands": [command], **failure, "appName": f"zone-{self.service}"}
        admin = self.store.database.client.get_database("admin")
        await admin.command({"configureFailPoint": "failCommand", "mode": {"times": times}, "data": data})

    async def change(self, collection: str, where: dict[str, Any], fields: dict[str, Any]) -> None:
        """Meddle with the database."""
        await self.store.database[collection].update_many(where, {"$set": fields})

    async def close(self) -> None:
        await self.store.database.client.drop_database(self.store.database.name)
        self.store.close()


async def until(holds: Callable[[], Any], *, seconds: float = PATIENCE) -> None:
    """Wait until something holds; the function may be a coroutine function."""
    give_up = time.monotonic() + seconds
    while True:
        found = holds()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        if time.monotonic() > give_up:
            raise AssertionError(f"did not hold within {seconds} s")
        await asyncio.sleep(0.02)


async def applied(stage: Stage, count: int) -> None:
    """Wait until so many events took effect."""

    async def enough() -> bool:
        return await stage.applied() >= count

    await until(enough)
