"""What one `select`, `page`, `count` or `total` shows, while others commit."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest_asyncio

from services.chassis.store.mongo import MongoStore
from services.chassis.store.writes import Adjust, Insert
from tests.chassis.garden import Bed
from tests.integration.stage import Stage

BEDS = 2_000


@pytest_asyncio.fixture
async def stage(mongo_url: str) -> AsyncIterator[Stage]:
    stage = Stage(mongo_url, bootstrap="", topic="")
    await stage.store.prepare([Bed])
    await stage.store.commit([Insert("beds", {"_id": f"bed_{n:04d}", "total": 0, "version": 0}) for n in range(BEDS)])
    yield stage
    await stage.close()


async def move(store: MongoStore) -> None:
    """Take from a bed at the end what a bed at the beginning gets, for ever."""
    for n in itertools.count():
        first, last = f"bed_{n % 500:04d}", f"bed_{BEDS - 1 - n % 500:04d}"
        await store.commit([_adjust(first, 1), _adjust(last, -1)])


def _adjust(id: str, delta: int) -> Adjust:
    return Adjust("beds", id, {"total": delta}, {}, {}, {}, None, None)


async def test_everything_that_a_select_a_page_or_a_sum_shows_is_of_one_moment(stage: Stage) -> None:
    moving = asyncio.create_task(move(stage.store))
    try:
        for _ in range(30):
            beds = await stage.store.select("beds", {}, [("_id", 1)], BEDS)
            assert sum(bed["total"] for bed in beds) == 0
            page = await stage.store.page("beds", {}, [("_id", 1)], BEDS)
            assert (sum(bed["total"] for bed in page.documents), page.more) == (0, False)
            assert await stage.store.total("beds", {}, "total") == 0
        assert any(bed["total"] for bed in beds), "nothing was moved meanwhile"
    finally:
        moving.cancel()
        await asyncio.gather(moving, return_exceptions=True)
