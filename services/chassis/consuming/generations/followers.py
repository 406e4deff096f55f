"""Followers of a projection: one consumer for each of its generations that is fed, whichever of them is shown."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from services.chassis.background.backoff import pause
from services.chassis.consuming.consumer import Consumer
from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.aggregate import Row
from services.chassis.domain.errors import LostRace
from services.chassis.domain.times import utc_now
from services.chassis.kafka.client import Bootstrap
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.store.document_store import Store
from services.chassis.store.generations.generation import FIRST, Silent
from services.chassis.store.generations.pointer import Pointer, Versions, pointer
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx

LOOK_EVERY = 0.5
"""Seconds between two looks at the pointer: how long a generation waits to be fed, or to be left alone."""
log = structlog.get_logger("zone.consumer")


@dataclass(frozen=True)
class Projection:
    """Documents of a service that follow from events alone, so that they can be built anew from the log.

    Attributes:
        rows: what is built anew.
        versions: of the definitions by which the code projects now.
    """

    rows: Sequence[type[Row]]
    versions: Versions

    @property
    def collections(self) -> list[str]:
        """What each generation has of its own."""
        return [row.collection for row in self.rows]


@dataclass
class _Follower:
    consumer: Consumer
    stop: asyncio.Event
    task: asyncio.Task[None]


class Followers:
    """The consumers of one process. They come and go with the pointer, so that a swap changes nothing for the one that
    is shown from now on: it goes on where it stands.

    Args:
        store, bootstrap: of the service.
        handlers: its reactions, all of them of the projection.
        keys: of the services that it hears.
        projection: what they make.
    """

    def __init__(
        self,
        store: MongoStore,
        bootstrap: Bootstrap,
        handlers: Handlers,
        keys: ProducerKeys,
        projection: Projection,
    ) -> None:
        self._store, self._projection = store, projection
        self._make: Callable[[Store, Callable[[], bool]], Consumer] = lambda generation, is_shown: Consumer(
            store, bootstrap, handlers, keys, generation=generation, is_shown=is_shown
        )
        self._shown = FIRST
        self._following: dict[int, _Follower] = {}
        self._reason: str | None = "starting"

    def health(self) -> dict[str, Any]:
        """The health of the consumer whose generation is shown; that of another one stands in `members`."""
        if (follower := self._following.get(self._shown)) is None:
            return {"state": "degraded", "reason": self._reason}
        return follower.consumer.health() | {"generation": self._shown}

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set; each finishes its transaction. Never raises for an outage."""
        while not stop.is_set():
            try:
                await self._look()
            except Exception as error:  # those that follow go on
                self._reason = f"{type(error).__name__}: {error}"
                log.warning("pointer_not_read", reason=self._reason)
            await pause(stop, LOOK_EVERY)
        await self._leave(list(self._following))

    async def _look(self) -> None:
        pointer = await self._pointer()
        self._shown = pointer.shown
        await self._leave([number for number in self._following if number not in pointer.fed])
        for number in pointer.fed:
            if number not in self._following:
                await self._follow(number)

    async def _pointer(self) -> Pointer:
        """The pointer as it is committed; the first worker of a service makes it."""
        tx = Tx(self._store, now=utc_now())
        found = await pointer(tx, self._projection.versions)
        try:
            await tx.commit()
        except LostRace:
            return await self._pointer()
        return found

    async def _follow(self, number: int) -> None:
        generation: Store = self._store
        if number != FIRST:
            await self._store.prepare(self._projection.rows, generation=number)
            generation = Silent(self._store, self._projection.collections, number)
        stop = asyncio.Event()
        consumer = self._make(generation, lambda: self._shown == number)
        self._following[number] = _Follower(consumer, stop, asyncio.create_task(consumer.run(stop)))
        log.info("generation_followed", generation=number)

    async def _leave(self, numbers: Sequence[int]) -> None:
        left = [self._following.pop(number) for number in numbers]
        for each in left:
            each.stop.set()
        await asyncio.gather(*(each.task for each in left), return_exceptions=True)
