"""Failure handling of a consumer: what passes is waited out, what is bad is found alone and parked."""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

import structlog
from opentelemetry.trace import SpanKind

from services.chassis.background.backoff import Backoff, pause
from services.chassis.background.condition import Condition
from services.chassis.consuming.batch import Batch, Failed, Judgement
from services.chassis.consuming.breaker import Breaker
from services.chassis.consuming.group import Group
from services.chassis.consuming.positions import Positions
from services.chassis.domain.envelope import Envelope
from services.chassis.domain.errors import LostRace, Reject
from services.chassis.kafka.parking import Reason, in_words, trace_of_parked
from services.chassis.kafka.records import Record
from services.chassis.store.mongo import TRANSIENT
from services.chassis.telemetry.instruments import (
    CONSUMER_BATCH,
    CONSUMER_BATCH_DURATION,
    CONSUMER_BREAKER,
    CONSUMER_RETRIES,
)
from services.chassis.telemetry.tracing import LINKS_AT_MOST, messaging_span

ATTEMPTS = 3
LOSSES_BEFORE_HALVING = 3
log = structlog.get_logger("zone.consumer")


class PositionsLost(Exception):
    """Another worker moved on in a partition that we believed to be ours: read the positions again."""


class BreakerOpen(Exception):
    """Too much was parked: a bug must not park the world."""


class Interrupted(Exception):
    """Asked to end while waiting; nothing of what was under way has taken effect."""


class Processor:
    """Gives records their effect, each failure by its kind.

    - Transient (by type: `mongo.TRANSIENT`): the same records again, for ever; order is kept.
    - A bad message (undecodable, or the handler raises `Reject`): parked once it has failed alone.
    - A bug (anything else): found by running the records apart, tried three times alone, parked with its traceback.

    Attributes:
        parked: how many events for which reason of their own, since this worker began; `parked_last`: the last of them.

    Args:
        group: who consumes.
        condition: shows for what it waits.
    """

    def __init__(self, group: Group, condition: Condition) -> None:
        self.breaker = Breaker()
        self.parked: Counter[Reason] = Counter()
        self.parked_last: str | None = None
        self._group, self._condition = group, condition

    async def process(self, records: Sequence[Record], positions: Positions, enough: asyncio.Event) -> None:
        """Returns when all of them have taken effect or are parked.

        Raises:
            PositionsLost: a zombie's end; the rest belongs to somebody else.
            BreakerOpen: the rest is left in the log.
            Interrupted: `enough` was set while waiting for something that passes.
        """
        todo = deque([records])
        while todo:
            part = todo.popleft()
            if not part:
                continue
            if self.breaker.is_open:
                raise BreakerOpen("too many events were parked for reasons of their own: mend the cause, then restart")
            try:
                taken = await self._until_it_works(part, positions, enough)
                todo.appendleft(part[taken:])
            except Failed as failed:
                if len(part) == 1:
                    await self._judge(part[0], failed.cause, positions, enough)
                    continue
                CONSUMER_RETRIES.add(1, {"reason": "isolation"})
                at, half = failed.at, len(part) // 2
                pieces = (part[:half], part[half:]) if at is None else (part[:at], part[at : at + 1], part[at + 1 :])
                todo.extendleft(reversed(pieces))

    async def _judge(self, record: Record, cause: Exception, positions: Positions, enough: asyncio.Event) -> None:
        """Park a record that failed alone: a refusal at once, a bug after two more attempts."""
        attempts = 1
        while not isinstance(cause, Reject) and attempts < ATTEMPTS:
            await pause(enough, 0.1 * attempts)
            attempts += 1
            CONSUMER_RETRIES.add(1, {"reason": "bug"})
            try:
                await self._until_it_works([record], positions, enough)
            except Failed as failed:
                cause = failed.cause
            else:
                return
        said = in_words(cause)
        try:
            await self._until_it_works([record], positions, enough, Judgement(said, attempts))
        except Failed as failed:
            said = f"it cannot be kept as the event that it is: {in_words(failed.cause)}; it came to that by: {said}"
            await self._until_it_works([record], positions, enough, Judgement(said, attempts, as_unreadable=True))

    async def _until_it_works(
        self, records: Sequence[Record], positions: Positions, enough: asyncio.Event, judgement: Judgement | None = None
    ) -> int:
        """Attempts until one commits. Returns how many records it took; raises Failed where waiting cannot help."""
        backoff, losses = Backoff(), 0
        while True:
            batch = Batch(self._group, records, self.breaker, worker=positions.worker, judgement=judgement)
            started = time.perf_counter()
            try:
                with messaging_span("process", SpanKind.CONSUMER, self._group.name, batch.envelopes):
                    await batch.fold()
                    await batch.commit(positions)
            except LostRace as race:
                if race.turn.startswith("offsets|"):
                    raise PositionsLost(race.turn) from race
                reason, wait = "lost race", random.uniform(0.02, 0.2)
                losses += 1
                if losses > LOSSES_BEFORE_HALVING:  # fewer records meet fewer others, and commit within their time
                    records = records[: max(len(records) // 2, 1)]
            except TRANSIENT as error:
                reason, wait = type(error).__name__, backoff.pause()
                self._condition.degraded(f"waits for the store: {error}")
            else:
                self._committed(batch, time.perf_counter() - started)
                return batch.taken
            CONSUMER_RETRIES.add(1, {"reason": reason})
            await pause(enough, wait)
            if enough.is_set():
                raise Interrupted

    def _committed(self, batch: Batch, seconds: float) -> None:
        self._condition.ok()
        self.breaker = batch.breaker
        if self._group.is_shown():
            CONSUMER_BREAKER.set(int(self.breaker.is_open))
            CONSUMER_BATCH.record(batch.taken)
            CONSUMER_BATCH_DURATION.record(seconds)
            if batch.applied:
                log.info("events_applied", **_told(batch.applied), ms=round(seconds * 1000, 1))
        for row in batch.parked:
            if row["reason"] != "behind":
                self.parked[row["reason"]] += 1
                self.parked_last = f"{row['_id']}: {row['reason']}"
                where = {name: row[name] for name in ("topic", "partition", "offset", "subject", "sequence")}
                cause = trace_of_parked(row)
                log.error("event_parked", id=row["_id"], reason=row["reason"], error=row["error"], **where, **cause)


def _told(applied: Sequence[Envelope]) -> dict[str, Any]:
    """How many events took effect, and of which traces, of as many as a span has links; a single one by its id."""
    some = applied[:LINKS_AT_MOST]
    traces = list(dict.fromkeys(each.trace_id for each in some if each.trace_id))
    told: dict[str, Any] = {"count": len(applied), "id": some[0].id} if len(applied) == 1 else {"count": len(applied)}
    return told | ({"trace_id": traces[0]} if len(traces) == 1 else {"trace_ids": traces})
