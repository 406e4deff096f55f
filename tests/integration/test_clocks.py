"""Periodic tasks on a real database: each run by one process at a time, when it is due."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from services.chassis.background import clocks as clocks_module
from services.chassis.background.clocks import Clock, Clocks
from services.chassis.domain.errors import Unavailable
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import NOON, FixedClock
from tests.chassis.garden import Plant
from tests.integration.stage import until
from tests.own_store import own_store

HOUR = 3_600.0


class Bell:
    """A task that counts its strokes and may fail."""

    def __init__(self) -> None:
        self.strokes: list[datetime] = []
        self.error: Exception | None = None
        self.held = asyncio.Event()
        self.held.set()

    async def ring(self, now: datetime, begin: Callable[[], Tx]) -> None:
        self.strokes.append(now)
        await self.held.wait()
        if self.error is not None:
            raise self.error


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url, [Plant]) as store:
        yield store


@pytest.fixture
def bell() -> Bell:
    return Bell()


async def test_a_task_runs_at_once_and_then_when_it_is_due(store: MongoStore, bell: Bell) -> None:
    time, clock = FixedClock(), Clock("bell", HOUR, bell.ring)
    clocks = Clocks(store, [clock], now=time)
    assert await clocks.turn(clock) == HOUR
    time.at += timedelta(minutes=59)
    assert await clocks.turn(clock) == 60
    time.at += timedelta(minutes=1)
    await clocks.turn(clock)
    assert bell.strokes == [NOON, NOON + timedelta(hours=1)]


async def test_what_a_task_commits_stands_at_the_time_of_its_run(store: MongoStore) -> None:
    async def plant(now: datetime, begin: Callable[[], Tx]) -> None:
        tx = begin()
        assert tx.now == now == NOON
        tx.save(Plant(id="plant_1"))
        await tx.commit()

    clock = Clock("plant", HOUR, plant)
    await Clocks(store, [clock], now=FixedClock()).turn(clock)
    assert len(await store.read("plants", ["plant_1"])) == 1


async def test_of_two_processes_one_runs_it(store: MongoStore, bell: Bell) -> None:
    clock = Clock("bell", HOUR, bell.ring)
    processes = [Clocks(store, [clock], now=FixedClock()) for _ in range(2)]
    await asyncio.gather(*(each.turn(clock) for each in processes))
    assert len(bell.strokes) == 1


async def test_it_is_not_run_twice_while_it_runs(store: MongoStore, bell: Bell) -> None:
    clock = Clock("bell", HOUR, bell.ring)
    first, second = (Clocks(store, [clock], now=FixedClock()) for _ in range(2))
    bell.held.clear()
    running = asyncio.create_task(first.turn(clock))
    await until(lambda: bell.strokes)
    await second.turn(clock)
    bell.held.set()
    await running
    assert len(bell.strokes) == 1


async def test_the_schedule_outlives_the_process_that_kept_it(store: MongoStore, bell: Bell) -> None:
    clock = Clock("bell", HOUR, bell.ring)
    stop = asyncio.Event()
    running = asyncio.create_task(Clocks(store, [clock], now=FixedClock()).run(stop))
    await until(lambda: ran(store, "bell"))
    stop.set()
    await running
    later = FixedClock(NOON + timedelta(minutes=30))
    assert await Clocks(store, [clock], now=later).turn(clock) == HOUR / 2
    assert len(bell.strokes) == 1


async def test_a_task_that_fails_waits_for_its_next_time_and_stops_no_other(store: MongoStore, bell: Bell) -> None:
    broken = Bell()
    broken.error = ZeroDivisionError("a bug")
    time = FixedClock()
    tasks = [Clock("broken", HOUR, broken.ring), Clock("bell", HOUR, bell.ring)]
    clocks, stop = Clocks(store, tasks, now=time), asyncio.Event()
    running = asyncio.create_task(clocks.run(stop))
    await until(lambda: ran(store, "broken"))
    await until(lambda: ran(store, "bell"))
    stop.set()
    await running
    assert (len(broken.strokes), len(bell.strokes)) == (1, 1)
    assert clocks.health()["state"] == "ok"


async def test_a_task_cut_short_by_an_outage_is_tried_again_at_once(store: MongoStore, bell: Bell) -> None:
    bell.error = Unavailable("The store cannot be reached at the moment.")
    clock = Clock("bell", HOUR, bell.ring)
    clocks = Clocks(store, [clock], now=FixedClock())
    assert await clocks.turn(clock) == clocks_module.TRY_AGAIN
    bell.error = None
    assert await clocks.turn(clock) == HOUR
    assert len(bell.strokes) == 2


async def test_a_run_timed_by_a_wrong_clock_does_not_keep_others_waiting(store: MongoStore, bell: Bell) -> None:
    clock = Clock("bell", 60, bell.ring)
    ahead = Clocks(store, [clock], now=FixedClock(NOON + timedelta(minutes=10)))
    stop = asyncio.Event()
    running = asyncio.create_task(ahead.run(stop))
    await until(lambda: ran(store, "bell"))
    stop.set()
    await running
    await Clocks(store, [clock], now=FixedClock()).turn(clock)
    assert bell.strokes == [NOON + timedelta(minutes=10), NOON]


async def test_two_clocks_of_one_service_need_two_names(store: MongoStore, bell: Bell) -> None:
    with pytest.raises(ValueError, match="same name"):
        Clocks(store, [Clock("bell", 1, bell.ring), Clock("bell", 2, bell.ring)])


async def ran(store: MongoStore, name: str) -> bool:
    """Whether a run is over and noted."""
    found = await store.read("leases", [f"clock|{name}"])
    return bool(found and found[0].get("ran_at"))
