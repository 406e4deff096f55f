"""Metrics at work on a real database and a real broker, with a topic of its own: followers, jobs, clocks and the API.

    python -m tests.integration.figures_stage URL DATABASE BOOTSTRAP TOPIC PHASE

is one worker process of it that works until it is killed; it comes to no commit of a rebuild in that phase.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from services.chassis.background.clocks import Clocks
from services.chassis.background.job import Job
from services.chassis.background.jobs import Jobs, Step
from services.chassis.consuming.generations.followers import Followers
from services.chassis.consuming.generations.leftovers import leftovers
from services.chassis.domain.events import Event, Topic
from services.chassis.http.client import Client
from services.chassis.kafka.producer import Producer
from services.chassis.kafka.records import Record
from services.chassis.publishing.publisher import record_of
from services.chassis.store.files import Files
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import MongoStore
from services.chassis.store.outbox_row import canonical
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.event_keys import KEY, KEYS
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.main import service
from services.metrics.rebuilds.clocks import take_step
from services.metrics.rebuilds.effects import REBUILD
from services.metrics.rebuilds.rebuild import Rebuild
from tests.integration.stage import until

LEASE_SECONDS = 1.0


def hear_on(topic: str) -> None:
    """Let the events of businesses come on another topic."""
    for event in BUSINESS.events:
        event.topic = Topic(topic)


class Figures:
    """Metrics on a database of its own.

    Args:
        url, database: where it keeps its figures.
        bootstrap: of a broker.
    """

    def __init__(self, url: str, database: str, bootstrap: str) -> None:
        self.url, self.database, self.bootstrap = url, database, bootstrap
        self.store = MongoStore(url, database, "metrics")
        self._app = service.routes_on(self.store, settings())
        self.followers: Followers | None = None

    @property
    def api(self) -> Client:
        """The operator; as a new one each time, as an identity lives for a minute."""
        return client_of(self._app, caller("operator", scopes="metrics:read metrics:manage"), "metrics")

    @contextlib.asynccontextmanager
    async def at_work(self, step: Step = take_step) -> AsyncIterator[None]:
        """One worker process, but in this one."""
        assert service.projection is not None
        assert service.handlers is not None
        stop, projection = asyncio.Event(), service.projection
        shown = Shown(self.store, projection.collections)
        self.followers = Followers(self.store, self.bootstrap, service.handlers, KEYS, projection)
        clocks = [*service.clocks, leftovers(self.store, projection.collections)]
        workers: list[Any] = [
            self.followers,
            Clocks(self.store, clocks, shown=shown),
            Jobs(self.store, {REBUILD: step}, shown=shown, lease_seconds=LEASE_SECONDS),
        ]
        tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*tasks)

    async def publish(self, events: Sequence[Event]) -> None:
        """Put events into the log."""
        producer = await Producer.started(self.bootstrap)
        try:
            await producer.send([_logged(each) for each in events])
        finally:
            await producer.close()

    async def order(self, act: str = "") -> dict[str, Any]:
        """Order a rebuild, or what else is done with them."""
        answer = await self.api.post(f"/v1/metrics/rebuilds{act}")
        assert answer.status_code == 202 if act in ("", "/rollback") else 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def rebuild(self, id: str) -> dict[str, Any]:
        answer = await self.api.get(f"/v1/metrics/rebuilds/{id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def has_come_to(self, id: str, *statuses: str, seconds: float = 60) -> dict[str, Any]:
        """Wait until a rebuild has one of these; it as it is then."""
        found: dict[str, Any] = {}

        async def has_one() -> bool:
            found.update(await self.rebuild(id))
            return found["status"] in statuses

        await until(has_one, seconds=seconds)
        return found

    async def value(self, kpi: str) -> Any:
        return (await self.api.get(f"/v1/metrics/kpis/{kpi}/value")).json()["value"]

    async def has_counted(self, businesses: int) -> None:
        async def counted() -> bool:
            return bool(await self.value("businesses_registered") == businesses)

        await until(counted, seconds=60)

    async def headline(self) -> Any:
        """All figures, without how far they are computed."""
        return (await self.api.get("/v1/metrics/kpis?by=kind")).json()["data"]

    async def collections(self) -> set[str]:
        return set(await self.store.database.list_collection_names())

    async def pointer(self) -> Mapping[str, Any]:
        (found,) = await self.store.read("generations", ["projection"])
        return found

    async def close(self) -> None:
        await self.store.database.client.drop_database(self.database)
        self.store.close()

    @contextlib.asynccontextmanager
    async def another_process(self, topic: str, phase: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker that never commits a step of this phase; killed at the end."""
        words = (self.url, self.database, self.bootstrap, topic, phase)
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, *words)
        try:
            yield process
        finally:
            process.kill()
            await process.wait()


def _logged(event: Event) -> Record:
    """An event as the registry publishes it."""
    return record_of(event.envelope._replace(data=canonical(event)), KEY)


def held_in(phase: str) -> Step:
    """A step that has done everything but commit, for ever."""

    async def step(job: Job, tx: Tx, files: Files) -> None:
        is_held = (await tx.get(Rebuild, job.parameters["rebuild_id"])).status == phase
        await take_step(job, tx, files)
        if is_held:
            await asyncio.sleep(3_600)

    return step


async def work(words: Iterable[str]) -> None:
    url, database, bootstrap, topic, phase = words
    hear_on(topic)
    async with Figures(url, database, bootstrap).at_work(held_in(phase)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1:]))
