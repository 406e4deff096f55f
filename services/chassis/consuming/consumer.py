"""The consumer: what is published takes effect exactly once, in the order of its aggregate, whatever comes twice."""

import asyncio
from contextlib import suppress
from typing import Any

from services.chassis.background.backoff import Backoff, pause
from services.chassis.background.condition import Condition
from services.chassis.background.lease import worker_name
from services.chassis.consuming.batch import Group, group_of
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.log_watch import Watch
from services.chassis.consuming.members import ANNOUNCE_EVERY, Members, Rank
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import BreakerOpen, Interrupted, PositionsLost, Processor
from services.chassis.kafka.client import Bootstrap, LogTruncated, describe_log
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from services.chassis.store.mongo import MongoStore

MAX_RECORDS = 1_000
POLL_SECONDS = 0.2
LEAVE_TIMEOUT = 2.0
SEVERITY = {"ok": 0, "degraded": 1, "down": 2}


class Consumer:
    """One worker of a service's group `zone.<service>`: one poll is one transaction.

    It reads partition p of every topic that its handlers hear, where p mod the number of living workers is its
    rank among them, from positions kept beside the state. That share is a hint: whoever loses the
    compare-and-set on a position reads it again and goes on with what is still its own.

    Args:
        store: of the service.
        bootstrap: Kafka's `HOST:PORT[,…]`.
        handlers: its reactions.
        keys: of the services that it hears.
    """

    def __init__(self, store: MongoStore, bootstrap: Bootstrap, handlers: Handlers, keys: ProducerKeys) -> None:
        self.group = group_of(store.service)
        self._store, self._bootstrap, self._handlers = store, bootstrap, handlers
        self._members = Members(store, self.group, worker_name())
        self._effect, self._log = Condition("consumer"), Condition("consumer_log")
        self._processor = Processor(Group(self.group, store, handlers, keys), self._effect)
        self._rank: Rank | None = None
        self._enough = asyncio.Event()
        self._watch: Watch | None = None

    def health(self) -> dict[str, Any]:
        """The worse of two: what keeps events from being read, and from taking effect; lag, breaker, what is parked."""
        worst = max(self._log, self._effect, key=lambda each: SEVERITY[each.state])
        return worst.health() | {
            "lag": self._watch.lag if self._watch else None,
            "breaker": "open" if self._processor.breaker.is_open else "closed",
            "workers": self._rank.of if self._rank else None,
            "parked": dict(self._processor.parked),
            "parked_last": self._processor.parked_last,
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; finishes its transaction and leaves the group. Never raises for an outage."""
        beside = [asyncio.create_task(each) for each in (self._announce(), self._end_on(stop))]
        backoff = Backoff()
        try:
            while not stop.is_set():
                try:
                    await self._consume(stop, backoff)
                except (BreakerOpen, LogTruncated) as error:
                    self._effect.down(str(error))
                    await stop.wait()  # as a member: what is not read here must not be parked elsewhere
                except Exception as error:
                    self._log.degraded(f"{type(error).__name__}: {error}")
                    await pause(stop, backoff.pause())
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            with suppress(Exception):
                async with asyncio.timeout(LEAVE_TIMEOUT):
                    await self._members.leave()

    async def _consume(self, stop: asyncio.Event, backoff: Backoff) -> None:
        """Read one share until there is another; raises at the first failure of the log."""
        enough = self._enough = asyncio.Event()
        if self._rank is None or stop.is_set():
            await pause(enough, ANNOUNCE_EVERY)
            return
        rank = self._rank
        cluster, counts = await describe_log(self._bootstrap)
        if missing := set(self._handlers.topics) - counts.keys():
            raise LookupError(f"topics that do not exist yet: {', '.join(sorted(missing))}")
        share = [Partition(topic, n) for topic in self._handlers.topics for n in range(counts[topic]) if rank.takes(n)]
        if not share:  # more workers than partitions
            self._log.ok()
            self._effect.ok()
            await enough.wait()
            return
        positions = await Positions.read(self._store, self.group, cluster, share, worker=rank.place)
        reader = await Reader.opened(self._bootstrap, positions.next)
        self._watch = Watch(reader, positions, self.group, self._log, enough)
        watching = asyncio.create_task(self._watch.run())
        self._effect.ok()
        try:
            await self._read(reader, positions, enough, backoff)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await reader.close()

    async def _read(self, reader: Reader, positions: Positions, enough: asyncio.Event, backoff: Backoff) -> None:
        assert self._watch is not None, "made with the reader"
        while not enough.is_set():
            try:
                records = await reader.poll(MAX_RECORDS, POLL_SECONDS)
            except LogTruncated:
                if await reader.cluster_id() == positions.cluster:
                    raise
                return  # another log, which has not come that far
            backoff.reset()
            self._watch.is_busy = True
            try:
                await self._processor.process(records, positions, enough)
            except (PositionsLost, Interrupted):
                await pause(enough, POLL_SECONDS)
                return
            finally:
                self._watch.is_busy = False

    async def _announce(self) -> None:
        """Be a member; when the share changes, end the reader of the old one."""
        while True:
            try:
                rank = await self._members.announce()
            except Exception as error:
                if self._effect.state == "ok":
                    self._effect.degraded(f"waits for the store: {error}")
            else:
                if self._effect.state == "degraded" and not (self._watch and self._watch.is_busy):
                    self._effect.ok()
                if rank != self._rank:
                    self._rank = rank
                    self._enough.set()
            await asyncio.sleep(ANNOUNCE_EVERY)

    async def _end_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._enough.set()
