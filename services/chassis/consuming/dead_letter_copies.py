"""Copies of parked events in `zone.<service>.dead-letters`, for tools that read Kafka; `parked` keeps the originals."""

import asyncio

import structlog

from services.chassis.background.backoff import Backoff, pause
from services.chassis.consuming.group import group_of
from services.chassis.kafka.client import Bootstrap, TooLargeForBroker
from services.chassis.kafka.parking import REASONS, RELAY, storable, trace_of_parked
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.records import Record
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document
from services.chassis.telemetry.instruments import PARKED

AT_ONCE = 100
LOOK_EVERY = 5.0
log = structlog.get_logger("zone.dead_letters")


class DeadLetterCopies:
    """Sends what was parked and not yet copied, at least once, and counts what waits for a person.

    Whoever parked it: the consumer, or the relay, which every service has.

    What a generation of a projection parks that is not shown is nobody's matter yet.

    Args:
        store, bootstrap: of the service.
        topic: where the copies go.
        shown: the store as readers see it.
    """

    def __init__(self, store: MongoStore, bootstrap: Bootstrap, topic: str, shown: Shown | None = None) -> None:
        self._store, self._bootstrap, self._topic = store, bootstrap, topic
        self._shown = shown or Shown(store)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Never raises for an outage."""
        backoff = Backoff()
        while not stop.is_set():
            try:
                await self._count()
                await self._copy()
            except Exception as error:
                log.warning("dead_letters_not_copied", reason=str(error))
                await pause(stop, backoff.pause())
            else:
                backoff.reset()
                await pause(stop, LOOK_EVERY)

    async def _count(self) -> None:
        of_these = {"$match": await self._groups()}
        found = await self._store.aggregate("parked", [of_these, {"$group": {"_id": "$reason", "count": {"$sum": 1}}}])
        counts = {each["_id"]: each["count"] for each in found}
        for reason in REASONS:
            PARKED.set(counts.get(reason, 0), {"reason": reason})

    async def _copy(self) -> None:
        """Raises KafkaFailure."""
        wanted = {"copied": False, **await self._groups()}
        while rows := (await self._store.page("parked", wanted, [("_id", 1)], AT_ONCE)).documents:
            copies = [copy_of(row, self._topic) for row in rows]
            if not await self._sent(copies):
                for row, copy in zip(rows, copies, strict=True):
                    if not await self._sent([copy]):
                        log.warning("dead_letter_too_large_to_copy", id=row["_id"], **trace_of_parked(row))
            ids = [row["_id"] for row in rows]
            await self._store.database["parked"].update_many({"_id": {"$in": ids}}, {"$set": {"copied": True}})

    async def _groups(self) -> Document:
        """Whose parked events these are, as a filter."""
        shown = await self._shown.now()
        return {"group": {"$in": [group_of(shown.service, shown.generation), RELAY]}}

    async def _sent(self, copies: list[Record]) -> bool:
        """False where the broker takes one of them from nobody. Raises KafkaFailure."""
        producer = await Producer.started(self._bootstrap)
        try:
            await producer.send(copies)
        except TooLargeForBroker:
            return False
        finally:
            await producer.close()
        return True


def copy_of(row: Document, topic: str) -> Record:
    """The record as received, with headers that say why, from where and for whom it was parked."""
    record = Record.from_document(row)
    why = ("group", "reason", "error", "topic", "partition", "offset", "attempts")
    headers = tuple((f"zone_{name}", storable(str(row[name])).encode()) for name in why)
    value = record.value if record.value is not None or record.key is not None else b""
    return Record(topic, record.key, value, (*record.headers, *headers))
