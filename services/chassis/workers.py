"""The workers of a process: relay, copies of dead letters, consumer, clocks and jobs, beside the routes."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

from services.chassis.background.clocks import Clock, Clocks
from services.chassis.background.jobs import Jobs, Step
from services.chassis.consuming.consumer import Consumer
from services.chassis.consuming.dead_letter_copies import DeadLetterCopies
from services.chassis.consuming.generations.followers import Followers, Projection
from services.chassis.consuming.group import group_of
from services.chassis.consuming.handlers import Handlers
from services.chassis.http.health import said_by
from services.chassis.kafka.client import Bootstrap, Brokers
from services.chassis.kafka.mac import ProducerKeys
from services.chassis.process import Process
from services.chassis.publishing.backlog import Backlog
from services.chassis.publishing.relay import Relay
from services.chassis.settings import Settings
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import MongoStore

STOP_SECONDS = 20
log = structlog.get_logger("zone.service")


@dataclass(frozen=True)
class Workers:
    """What works in the background of a service's processes.

    Attributes:
        service: its name.
        handlers: its reactions; None where it listens to nobody.
        clocks: its periodic tasks.
        jobs: its kinds of long work.
        projection: what its reactions make and can make anew; None where they do more than that.
    """

    service: str
    handlers: Handlers | None
    clocks: Sequence[Clock]
    jobs: Mapping[str, Step]
    projection: Projection | None = None

    @contextlib.asynccontextmanager
    async def at_work(
        self, process: Process, store: MongoStore, *, keep: Literal["window", "all"]
    ) -> AsyncIterator[None]:
        """All that this role has, from before the service is ready until it has stopped, within its bound.

        Args:
            keep: for how long outbox rows stay.
        """
        stop, settings, checks = asyncio.Event(), process.settings, process.checks
        backlog = Backlog(store, limit=settings.outbox_limit)
        process.outbox_is_full = backlog.is_full
        names = self.projection.collections if self.projection else ()
        shown = Shown(store, names)
        workers: list[Backlog | Relay | DeadLetterCopies | Consumer | Followers | Clocks | Jobs] = []
        if settings.role != "api":
            workers.append(backlog)  # for its metrics
            brokers = brokers_of(settings)
            relay = Relay(store, brokers, settings.event_key.encode(), keep=keep)
            workers.append(relay)
            checks["relay"] = said_by(relay)
            letters = f"{group_of(self.service)}.dead-letters"
            workers.append(DeadLetterCopies(store, brokers, letters, shown))
            if self.handlers is not None:
                keys = keys_of_producers(settings, self.handlers)
                consumer = (
                    Followers(store, brokers, self.handlers, keys, self.projection)
                    if self.projection
                    else Consumer(store, brokers, self.handlers, keys)
                )
                workers.append(consumer)
                checks["consumer"] = said_by(consumer)
            if self.clocks:
                clocks = Clocks(store, self.clocks, now=process.clock, shown=shown)
                workers.append(clocks)
                checks["clocks"] = said_by(clocks)
            if self.jobs:
                jobs = Jobs(store, self.jobs, now=process.clock, shown=shown)
                workers.append(jobs)
                checks["jobs"] = said_by(jobs)
        tasks = [asyncio.create_task(worker.run(stop), name=type(worker).__name__) for worker in workers]
        try:
            yield
        finally:
            stop.set()
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS - 5)
                for task in late:
                    task.cancel()
                for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                    if isinstance(outcome, Exception):
                        log.error("worker_failed", exc_info=outcome)


def brokers_of(settings: Settings) -> Bootstrap:
    """Where the log is, and as whom this service comes to it."""
    if not settings.kafka_username:
        return settings.kafka_bootstrap
    return Brokers(settings.kafka_bootstrap, settings.kafka_username, settings.kafka_password)


def keys_of_producers(settings: Settings, handlers: Handlers | None) -> ProducerKeys:
    """The keys of those whom these reactions hear. Raises SystemExit where one is missing."""
    try:
        return ProducerKeys.of(settings, handlers.topics if handlers else ())
    except ValueError as error:
        sys.exit(str(error))
