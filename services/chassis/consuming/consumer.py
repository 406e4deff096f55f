"""The consumer: what is published takes effect exactly once, in the order of its aggregate, whatever comes twice."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from services.chassis.background.backoff import Backoff, pause
from services.chassis.background.condition import Condition
from services.chassis.background.lease import worker_name
from services.chassis.consuming.group import Group, group_of
from services.chassis.consuming.handlers import Handlers
from services.chassis.consuming.log_watch import Watch
from services.chassis.consuming.members import ANNOUNCE_EVERY, Members, Rank
from services.chassis.consuming.positions import Positions
from services.chassis.consuming.processor import BreakerOpen, Interrupted, PositionsLost, Processor
from services.chassis.domain.errors import LostRace
from services.chassis.kafka.client import Bootstrap, LogTruncated, describe_log
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.kafka.reader import Reader
from services.chassis.kafka.records import Partition
from services.chassis.store.document_store import Store
from services.chassis.store.generations.generation import FIRST
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
        generation: of a projection; it has a group, documents and positions of its own.
        is_shown: whether that is the one which readers see; the others are fed in silence.
    """

    def __init__(
        self,
        store: MongoStore,
        bootstrap: Bootstrap,
        handlers: Handlers,
        keys: ProducerKeys,
        *,
        generation: Store | None = None,
        is_shown: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store: Store = generation or store
        self._is_generation, self._is_shown = generation is not None, is_shown
        self.group = group_of(store.service, self._store.generation)
        self._bootstrap, self._handlers = bootstrap, handlers
        self._members = Members(store, self.group, worker_name())
        self._effect, self._log = Condition("consumer"), Condition("consumer_log")
        self._processor = Processor(Group(self.group, self._store, handlers, keys, is_shown), self._effect)
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
        if self._is_generation and positions.unknown:
            await self._begin(positions)
            return
        if not positions.moving:  # until somebody lets them go on
            self._log.ok()
            self._effect.ok()
            await pause(enough, POLL_SECONDS)
            return
        reader = await Reader.opened(self._bootstrap, positions.moving)
        told_as = group_of(self._store.service)  # whichever generation is shown: lag tools and autoscalers know one
        self._watch = Watch(reader, positions, told_as, self._log, enough, self._is_shown)
        watching = asyncio.create_task(self._watch.run())
        self._effect.ok()
        try:
            await self._read(reader, positions, enough, backoff)
        finally:
            enough.set()  # aiokafka may keep the cancellation to itself
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
            due = positions.before_the_end(records)
            self._watch.is_busy = True
            try:
                await self._processor.process(due, positions, enough)
            except (PositionsLost, Interrupted):
                await pause(enough, POLL_SECONDS)
                return
            finally:
                self._watch.is_busy = False
            if len(due) < len(records):
                return  # some have come to their end

    async def _begin(self, positions: Positions) -> None:
        """Note where the partitions begin that this generation has never read, so that an end can be set to all.

        The first begins at 0 whatever the log says, as a service does; a later one where the log does, and notes it.
        """
        begins = dict.fromkeys(positions.unknown, 0)
        if self._store.generation != FIRST:
            reader = await Reader.opened(self._bootstrap, begins)
            try:
                begins = await reader.begins()
            finally:
                await reader.close()
        with suppress(LostRace):  # another worker did
            await self._store.commit(positions.begin(begins))

    async def _announce(self) -> None:
        """Be a member; when the share changes, end the reader of the old one."""
        while True:
            try:
                rank = await self._members.announce(self._effect)
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
