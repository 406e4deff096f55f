"""The figures made anew: how fast the log is read for it, against the first time; how long figures stand still."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator

from deploy.bench.contest import Line, Stopwatch, in_words
from deploy.bench.event_log import Log, ends_of
from deploy.bench.projection import registrations
from deploy.bench.stage import Stage
from services.chassis.background.jobs import Jobs
from services.chassis.consuming.generations.followers import Followers
from services.chassis.domain.caller import SYSTEM
from services.chassis.domain.times import utc_now
from services.chassis.store.generations.current import Shown
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.event_keys import KEYS
from services.metrics.main import service
from services.metrics.rebuilds.effects import order_rebuild
from services.metrics.rebuilds.queries import positions
from services.metrics.rebuilds.rebuild import Rebuild, RebuildStatus

REGISTERED = 6_000
LOOK_EVERY = 0.05


async def measure(stage: Stage) -> list[Line]:
    """One worker process; its log is read once live, then once more beside that."""
    assert service.handlers is not None, "metrics has some"
    await Log.of(stage.bootstrap, registrations(REGISTERED, with_figures=True))
    events = sum((await ends_of(stage.bootstrap, service.handlers.topics)).values())
    store = MongoStore(stage.mongo_url, f"bench_{uuid.uuid4().hex[:8]}", "metrics")
    await store.prepare(service.documents)
    first, anew = (Stopwatch(stage.clock("mongod", "kafka")) for _ in range(2))
    async with _at_work(store, stage.bootstrap):
        first.begin()
        while await _read(store) < events:
            await asyncio.sleep(LOOK_EVERY)
        first.end()
        anew.begin()
        rebuild = await _ordered(store)
        while (rebuild := await _found(store, rebuild)).status is RebuildStatus.BUILDING:
            await asyncio.sleep(LOOK_EVERY)
        anew.end()
        stood = time.monotonic()
        while (rebuild := await _found(store, rebuild)).is_worked_on:
            await asyncio.sleep(LOOK_EVERY)
        stood = time.monotonic() - stood
    await store.database.client.drop_database(store.database.name)
    store.close()
    live, built = first.took(events), anew.took(rebuild.events)
    ratio = (built.things / built.seconds) / (live.things / live.seconds)
    cpu = (live.cpu / live.things) / (built.cpu / built.things)
    return [
        Line("read the first time", f"{live.things / live.seconds:,.0f}/s, cpu {in_words(live.cpu / live.things)}"),
        Line(
            "read for a rebuild",
            f"{built.things / built.seconds:,.0f}/s, cpu {in_words(built.cpu / built.things)}",
            f"{ratio:.2f}, by cpu {cpu:.2f}",
        ),
        Line(f"figures stand still until it is {rebuild.status}", f"{stood:.1f} s"),
    ]


@contextlib.asynccontextmanager
async def _at_work(store: MongoStore, bootstrap: str) -> AsyncIterator[None]:
    """What a worker of metrics does, but for its clocks."""
    assert service.projection is not None, "metrics has one"
    assert service.handlers is not None, "metrics has some"
    stop, shown = asyncio.Event(), Shown(store, service.projection.collections)
    workers = (
        Followers(store, bootstrap, service.handlers, KEYS, service.projection),
        Jobs(store, service.jobs, shown=shown),
    )
    tasks = [asyncio.create_task(worker.run(stop)) for worker in workers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def _read(store: MongoStore) -> int:
    return sum(each.next for each in (await positions(Tx(store, now=utc_now()), 1)).values())


async def _ordered(store: MongoStore) -> Rebuild:
    tx = Tx(store, now=utc_now())
    rebuild = await order_rebuild(tx, SYSTEM)
    await tx.commit()
    return rebuild


async def _found(store: MongoStore, rebuild: Rebuild) -> Rebuild:
    return await Tx(store, now=utc_now()).get(Rebuild, rebuild.id)
