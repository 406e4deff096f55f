"""Clocks: periodic tasks of a service, each run by one of its processes at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.chassis.background.backoff import pause
from services.chassis.background.condition import Condition
from services.chassis.background.lease import Lease
from services.chassis.domain.times import utc_now
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import TRANSIENT, MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.telemetry.instruments import CLOCK_RUNS
from services.chassis.telemetry.tracing import tracer

LEASE_SECONDS = 15.0
TRY_AGAIN = 1.0
GIVE_BACK_TIMEOUT = 2.0
log = structlog.get_logger("zone.clocks")

Task = Callable[[datetime, Callable[[], Tx]], Awaitable[None]]
"""`async def expire(now, begin)`: `begin()` opens a unit of work at `now`; the task commits it, one an item, so that
an item that fails does not keep the others from theirs. It may run twice, and must be happy to."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A task to be done every so many seconds.

    Args:
        name: unique in its service; also names the lease and the metric.
        every: seconds from the beginning of one run to the next.
        task: what is done.
    """

    name: str
    every: float
    task: Task


class Clocks:
    """The clocks of a service. Who runs one holds its lease, by the time of the database.

    Args:
        store: of the service.
        clocks: its periodic tasks.
        now: says what time it is in the zone; by it a run is due, and the task is told it.
        shown: the store as readers see it, where that is another; one run sees one generation.
    """

    def __init__(
        self,
        store: MongoStore,
        clocks: Sequence[Clock],
        *,
        now: Callable[[], datetime] = utc_now,
        shown: Shown | None = None,
    ) -> None:
        self._shown, self._now = shown or Shown(store), now
        self._condition = Condition("clocks")
        self._leases = {clock: Lease(store, "leases", f"clock|{clock.name}", seconds=LEASE_SECONDS) for clock in clocks}
        if len({clock.name for clock in clocks}) != len(self._leases):
            raise ValueError("two clocks of one service have the same name")

    def health(self) -> dict[str, Any]:
        """Degraded while the leases cannot be read; a task that fails is its own matter, and metered."""
        return self._condition.health()

    async def run(self, stop: asyncio.Event) -> None:
        """Run each when it is due until `stop` is set; a run under way is finished. Never raises."""
        await asyncio.gather(*(self._keep_running(clock, stop) for clock in self._leases))
        for lease in self._leases.values():
            with suppress(Exception):
                async with asyncio.timeout(GIVE_BACK_TIMEOUT):
                    await lease.give_back()

    async def _keep_running(self, clock: Clock, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                wait = await self.turn(clock)
            except Exception as error:
                self._condition.degraded(f"{clock.name}: {error}")
                wait = TRY_AGAIN
            else:
                self._condition.ok()
            await pause(stop, min(wait, LEASE_SECONDS / 3))

    async def turn(self, clock: Clock) -> float:
        """Run a clock if it is due and nobody else runs it. Returns seconds after which to ask again."""
        lease = self._leases[clock]
        document = await lease.take()
        if document is None:
            return LEASE_SECONDS / 3
        now, last = self._now(), document.get("ran_at")
        # A last run in the future was timed by a clock that was wrong; waiting for it would be wrong again.
        if last is not None and last <= now < last + timedelta(seconds=clock.every):
            return float((last - now).total_seconds() + clock.every)
        async with lease.kept():
            if not await self._ran(clock, now):
                return TRY_AGAIN
        await lease.note({"ran_at": now})
        return clock.every

    async def _ran(self, clock: Clock, now: datetime) -> bool:
        """False where it should be tried again at once; a failure of its own waits for the next time."""
        with tracer.start_as_current_span(f"clock {clock.name}"):
            try:
                store = await self._shown.now()
                await clock.task(now, lambda: Tx(store, now=now))
            except TRANSIENT as error:
                CLOCK_RUNS.add(1, {"clock": clock.name, "outcome": "interrupted"})
                log.warning("clock_interrupted", clock=clock.name, reason=str(error))
                return False
            except Exception:
                CLOCK_RUNS.add(1, {"clock": clock.name, "outcome": "failed"})
                log.exception("clock_failed", clock=clock.name)
            else:
                CLOCK_RUNS.add(1, {"clock": clock.name, "outcome": "done"})
        return True
