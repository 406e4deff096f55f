"""Alert rules on a real MongoDB: one event a transition, whoever dies and however many judge at once."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Write
from services.metrics.main import service
from tests.metrics.alerts.watch import Watch


class Dying(MongoStore):
    """Dies at its next commit: before it, or after."""

    dies: str | None = None

    async def commit(self, writes: list[Write]) -> None:
        dies, self.dies = self.dies, None
        if dies == "before":
            raise ConnectionError("killed")
        await super().commit(writes)
        if dies == "after":
            raise ConnectionError("killed")


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[Dying]:
    store = Dying(mongo_url, f"alerts_{uuid.uuid4().hex}", "metrics")
    await store.prepare(service.documents)
    yield store
    await store.database.command("dropDatabase")
    store.close()


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_m4_a_kill_between_evaluation_and_event_gives_exactly_one_event(store: Dying, dies: str) -> None:
    watch = Watch(store)
    await watch.registering("2026-11")
    await watch.set()
    for day, told in (("2026-11-25", ["raised 2026-10"]), ("2026-12-01", ["raised 2026-10", "resolved 2026-11"])):
        store.dies = dies
        await watch.run(day)
        await watch.run(day)
        assert await watch.told() == told


async def test_m4_clocks_that_judge_at_once_tell_one_event(store: Dying) -> None:
    watch = Watch(store)
    await watch.registering()
    rule = await watch.set()
    await asyncio.gather(*(watch.run("2026-11-25") for _ in range(5)))
    assert await watch.told() == ["raised 2026-10"]
    assert (await watch.rule(rule)).judged == "2026-10"


async def test_periods_are_caught_up_one_by_one(store: Dying) -> None:
    watch = Watch(store)
    await watch.registering("2026-10", "2026-12", "2027-02", "2027-03")
    await watch.set()
    await watch.run("2027-05-01")
    expected = ["raised 2026-11", "resolved 2026-12", "raised 2027-01", "resolved 2027-02", "raised 2027-04"]
    assert await watch.told() == expected
