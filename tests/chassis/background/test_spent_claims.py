"""Claims whose time has long passed are swept, by the slower of two clocks, and no other claim ever is."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from services.chassis.background.spent_claims import KEPT_FOR, spent_claims
from services.chassis.store.document_store import Store
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from tests.own_store import own_store

A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("mongo_url") if request.param == "mongodb" else None


@pytest.fixture
async def store(url: str | None) -> AsyncIterator[Store]:
    if url is None:
        yield MemoryStore()
        return
    async with own_store(url) as mongo:
        yield mongo


async def claim(store: Store, until: datetime | None, key: str = "slot|1", holder: str = "a") -> None:
    tx = Tx(store, now=NOON)
    tx.claim(key, holder, until=until)
    await tx.commit()


async def sweep(store: Store, *, zone: datetime, machine: datetime) -> list[str]:
    """Sweeps, and says which claims are left."""
    await spent_claims(store, clock=lambda: machine).task(zone, lambda: Tx(store, now=zone))
    return [each["_id"] for each in await store.select("claims", {}, [("_id", 1)], 2_000)]


async def test_a_claim_is_swept_a_day_after_its_time_and_not_before(store: Store) -> None:
    await claim(store, NOON)
    at = NOON + KEPT_FOR
    assert await sweep(store, zone=at, machine=at) == ["slot|1"]
    assert await sweep(store, zone=at + A_MOMENT, machine=at + A_MOMENT) == []


async def test_a_claim_without_an_end_stays(store: Store) -> None:
    await claim(store, None, key="name|示例")
    later = NOON + timedelta(days=4_000)
    assert await sweep(store, zone=later, machine=later) == ["name|示例"]


@pytest.mark.parametrize("moved", ["zone", "machine"])
async def test_a_clock_that_is_far_ahead_takes_no_claim_from_anybody(store: Store, moved: str) -> None:
    await claim(store, NOON + timedelta(hours=1))
    times = {"zone": NOON, "machine": NOON, moved: NOON + timedelta(days=4_000)}
    assert await sweep(store, **times) == ["slot|1"]


async def test_all_of_many_pages_are_swept(store: Store) -> None:
    tx = Tx(store, now=NOON)
    for number in range(1_203):
        tx.claim(f"slot|{number}", "a", until=NOON)
    tx.claim("slot|live", "a", until=NOON + timedelta(days=9))
    await tx.commit()
    at = NOON + timedelta(days=2)
    assert await sweep(store, zone=at, machine=at) == ["slot|live"]


async def test_a_claim_that_is_renewed_while_the_sweep_is_under_way_stays(store: Store) -> None:
    await claim(store, NOON)
    at = NOON + timedelta(days=2)

    class RenewedAfterTheLook:
        """The store, whose claim is renewed between the look at it and the write."""

        async def select(self, *args: object) -> object:
            found = await store.select(*args)  # type: ignore[arg-type]  # as it was called
            await claim(store, at + timedelta(days=9))
            return found

    await spent_claims(RenewedAfterTheLook(), clock=lambda: at).task(  # type: ignore[arg-type]  # one method of it
        at, lambda: Tx(store, now=at)
    )
    assert [each["_id"] for each in await store.select("claims", {}, [("_id", 1)], 9)] == ["slot|1"]


@pytest.fixture
async def mongo(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url) as mongo:
        yield mongo


async def test_the_sweep_examines_as_many_claims_as_are_spent_however_many_there_are(mongo: MongoStore) -> None:
    tx = Tx(mongo, now=NOON)
    for number in range(300):
        tx.claim(f"name|{number}", "a")
        tx.claim(f"slot|{number}", "a", until=NOON + timedelta(days=number))
    await tx.commit()
    seen: list[int] = []

    class Explained:
        """The store, asking what each look costs."""

        async def select(self, name: str, where: object, sort: list[tuple[str, int]], limit: int) -> list[object]:
            cursor = mongo.database[name].find(where, sort=sort, limit=limit)
            seen.append((await cursor.explain())["executionStats"]["totalKeysExamined"])
            return list(await mongo.select(name, where, sort, limit))  # type: ignore[arg-type]  # as it was called

    at = NOON + timedelta(days=11)
    await spent_claims(Explained(), clock=lambda: at).task(  # type: ignore[arg-type]  # one method of it
        at, lambda: Tx(mongo, now=at)
    )
    assert seen == [10, 0]
