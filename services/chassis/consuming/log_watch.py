"""A watchdog beside a reader: whether the log is another one, how far behind the reader is, whether it stands still."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from services.chassis.background.backoff import pause
from services.chassis.background.condition import Condition
from services.chassis.consuming.positions import Positions
from services.chassis.kafka.client import KafkaFailure
from services.chassis.kafka.reader import Reader
from services.chassis.telemetry.instruments import CONSUMER_LAG, CONSUMER_RETRIES

LOOK_EVERY = 1.0
TELL_EVERY = 3.0
STANDS_STILL_AFTER = 15.0
log = structlog.get_logger("zone.consumer")


class Watch:
    """The watchdog of one reader, for as long as that lives; sets `enough` when it has to be opened anew.

    Args:
        reader, positions: what is watched.
        group: under whose name the positions are told to the broker.
        condition: of the broker as this consumer sees it.
        enough: ends the reader.
        is_shown: whether anybody is told and anything measured.
    """

    def __init__(
        self,
        reader: Reader,
        positions: Positions,
        group: str,
        condition: Condition,
        enough: asyncio.Event,
        is_shown: Callable[[], bool],
    ) -> None:
        self.lag: int | None = None
        self.is_busy = False
        self._reader, self._positions, self._group = reader, positions, group
        self._condition, self._enough, self._is_shown = condition, enough, is_shown
        self._seen: dict[Any, int] = {}
        self._moved_at = self._answered_at = time.monotonic()
        self._told: dict[Any, int] = {}
        self._tell_at = 0.0

    async def run(self) -> None:
        """Until `enough` is set. Never raises for an outage."""
        while not self._enough.is_set():
            try:
                await self._look()
            except KafkaFailure as error:
                self._condition.degraded(str(error))
                if time.monotonic() > self._answered_at + STANDS_STILL_AFTER:
                    self._enough.set()  # a client that was cut off may not find back by itself
            else:
                self._answered_at = time.monotonic()
                self._condition.ok()
            await pause(self._enough, LOOK_EVERY)

    async def _look(self) -> None:
        if (cluster := await self._reader.cluster_id()) != self._positions.cluster:
            log.warning("log_replaced", before=self._positions.cluster, now=cluster)
            self._enough.set()
            return
        if time.monotonic() >= self._tell_at:
            self._tell_at = time.monotonic() + TELL_EVERY
            await self._measure()
            if self._is_shown():
                await self._tell()

    async def _measure(self) -> None:
        """Lag by topic; and whether nothing moves although there is something to read (aiokafka #1154)."""
        lags: dict[str, int] = {}
        for partition, end in (await self._reader.ends()).items():
            lags[partition.topic] = lags.get(partition.topic, 0) + max(end - self._positions.next[partition], 0)
        if self._is_shown():
            for topic, lag in lags.items():
                CONSUMER_LAG.set(lag, {"topic": topic})
        self.lag = sum(lags.values())
        if self.is_busy or not self.lag or self._seen != self._positions.next:
            self._seen, self._moved_at = dict(self._positions.next), time.monotonic()
        elif time.monotonic() > self._moved_at + STANDS_STILL_AFTER:
            log.warning("consumer_stood_still", lag=self.lag)
            CONSUMER_RETRIES.add(1, {"reason": "watchdog"})
            self._enough.set()

    async def _tell(self) -> None:
        moved = {partition: at for partition, at in self._positions.next.items() if self._told.get(partition) != at}
        if moved:
            await self._reader.tell(self._group, moved)
            self._told.update(moved)
