"""The outbox relay: what is committed is published, in the order of its aggregate, whatever dies, however long."""

import asyncio
import time
from contextlib import suppress
from typing import Any, Literal

from services.chassis.background.backoff import Backoff, pause
from services.chassis.background.condition import Condition
from services.chassis.background.lease import Lease
from services.chassis.kafka.client import Bootstrap
from services.chassis.publishing.outbox import (
    Changes,
    HistoryLost,
    changes,
    end_of_stream,
    oldest_range,
    prune,
    whole_outbox,
)
from services.chassis.publishing.publisher import Publisher
from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Document
from services.chassis.telemetry.instruments import RELAY_FAILURES, RELAY_LEADER

LEASE_SECONDS = 5.0
STANDBY_SECONDS = 1.0
CHORES_EVERY = 5.0
NOTE_WITHIN = 1.0
"""Seconds within which it is noted that a page was published: a note is a write that a majority acknowledges and that
wakes the stream of every relay of the zone, so that pages share one. After a crash so much is published again."""
GIVE_BACK_TIMEOUT = 2.0


class PrunedLogLost(Exception):
    """Another, empty log answers, and rows that the old one held have been pruned: it cannot be filled again."""


class Relay:
    """One logical relay a service: every replica runs it, one leads. Two leaders for a moment only add duplicates.

    On any failure it stops at the first, throws its producer away and resumes from the saved token with a new
    one; going on would leave a hole. At its first start, when the token has grown too old, and when the log is
    another one than it published to, it publishes all that `outbox` still holds: duplicates are harmless.

    Args:
        store: of the service.
        bootstrap: Kafka's `HOST:PORT[,…]`.
        key: of the service, by which consumers know that it wrote a record.
        keep: `window` prunes rows an hour after they were published; `all` never does (an audit log, a log in memory).
    """

    def __init__(
        self, store: MongoStore, bootstrap: Bootstrap, key: bytes, *, keep: Literal["window", "all"] = "window"
    ) -> None:
        self._store, self._bootstrap, self._key, self._prunes = store, bootstrap, key, keep == "window"
        self._lease = Lease(store, "relay", "outbox", seconds=LEASE_SECONDS)
        self._condition = Condition("relay")
        self._backoff = Backoff()
        self._leads = False
        self._published_to: Any = None
        self._pruned = False
        self._chores_at = 0.0
        self._progress: dict[str, Any] = {}
        self._not_noted_since = 0.0

    def health(self) -> dict[str, Any]:
        """`state` and `reason` as in `Condition`, and whether this process publishes."""
        return self._condition.health() | {"leader": self._leads}

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until `stop` is set; finishes its batch and gives the lease back. Never raises for an outage."""
        while not stop.is_set():
            wait = STANDBY_SECONDS
            try:
                if taken := await self._lease.take():
                    await self._lead(taken, stop)
                else:
                    self._works()  # somebody else publishes
            except PrunedLogLost as error:
                self._condition.down(str(error))
            except Exception as error:
                RELAY_FAILURES.add(1, {"reason": type(error).__name__})
                self._condition.degraded(f"{type(error).__name__}: {error}")
                wait = self._backoff.pause()
            await self._step_down()
            await pause(stop, wait)

    async def _lead(self, taken: Document, stop: asyncio.Event) -> None:
        """One term, with one producer: ends with the lease or on a stop, or raises at the first failure."""
        publisher = Publisher(self._store, self._bootstrap, self._key)
        self._leads, self._progress = True, {}
        RELAY_LEADER.set(1)
        try:
            async with self._lease.kept() as lost:
                await publisher.start()
                token = await self._where_to_begin(taken, publisher, stop, lost)
                async with changes(self._store, token) as stream:
                    while not (stop.is_set() or lost.is_set()):
                        await self._publish_next(stream, publisher, lost)
                    if self._progress:
                        await self._note(publisher)
        except HistoryLost:
            await self._lease.note({"resume_token": None})
            raise
        finally:
            await publisher.close()

    async def _where_to_begin(
        self, taken: Document, publisher: Publisher, stop: asyncio.Event, lost: asyncio.Event
    ) -> Any:
        """The resume token: the saved one, if it speaks of this log; else a new one, once everything was published."""
        self._published_to, self._pruned = taken.get("published_to"), taken.get("pruned", False)
        is_same_log = taken.get("cluster") == publisher.cluster
        if is_same_log and taken.get("resume_token") is not None:
            return taken["resume_token"]
        if self._pruned and not is_same_log:
            raise PrunedLogLost(
                f"Cluster {publisher.cluster} answers in place of {taken.get('cluster')}, and outbox rows that only "
                "the old log holds have been pruned: restore that log, or give them up (docs/runbooks/relay-stale.md)."
            )
        token, now = await end_of_stream(self._store)  # first: what is written meanwhile is in the stream
        async for rows in whole_outbox(self._store):
            if stop.is_set() or lost.is_set():
                return token  # nothing is noted: the next term begins here again
            await publisher.publish(rows)
            self._works()
        await publisher.see_the_log()
        self._published_to = now
        await self._lease.note({"resume_token": token, "published_to": now, "cluster": publisher.cluster})
        return token

    async def _publish_next(self, stream: Changes, publisher: Publisher, lost: asyncio.Event) -> None:
        """One page of the stream. Its token is noted after all its rows are in the log; when idle too, lest it age.

        Pages that come within `NOTE_WITHIN` are noted together, or once nothing more comes. After a crash those not
        noted are published again, and every consumer drops them.
        """
        page = await stream.next()
        chores_are_due = time.monotonic() >= self._chores_at
        if page.rows:
            await publisher.publish(page.rows)
            self._published_to = page.until
            if not self._progress:
                self._not_noted_since = time.monotonic()
            self._progress = {"resume_token": page.token, "published_to": page.until}
        elif self._progress or chores_are_due:
            self._progress["resume_token"] = page.token
        is_idle, is_time = not page.rows, time.monotonic() >= self._not_noted_since + NOTE_WITHIN
        if (is_idle or is_time or chores_are_due) and not await self._note(publisher):
            lost.set()
        if chores_are_due:
            self._chores_at = time.monotonic() + CHORES_EVERY
            await publisher.publish_again()
            await self._prune()
        self._works()

    async def _note(self, publisher: Publisher) -> bool:
        """Note how far it has come, if that is not noted yet, once all of it is seen to be in the log of this term.

        Returns False where the lease is no longer ours. Raises KafkaFailure.
        """
        await publisher.see_the_log()
        if not self._progress:
            return True
        progress, self._progress = self._progress, {}
        return await self._lease.note(progress)

    async def _prune(self) -> None:
        """One range at a time, so that publishing never waits for long."""
        if not self._prunes or self._published_to is None:
            return
        if up_to := await oldest_range(self._store, self._published_to):
            self._pruned = self._pruned or await self._lease.note({"pruned": True})
            await prune(self._store, up_to)
            self._chores_at = 0  # there may be more

    async def _step_down(self) -> None:
        """Let another have it: it may reach what we cannot."""
        if self._leads:
            self._leads = False
            RELAY_LEADER.set(0)
            with suppress(Exception):
                async with asyncio.timeout(GIVE_BACK_TIMEOUT):
                    await self._lease.give_back()

    def _works(self) -> None:
        self._condition.ok()
        self._backoff.reset()
