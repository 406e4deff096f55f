"""A lease on a real database: one holder, by the clock of the server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.background.condition import Condition
from services.chassis.background.lease import Lease
from services.chassis.consuming.members import Members
from services.chassis.store.mongo import MongoStore
from tests.own_store import own_store

WELL = Condition("consumer")


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with own_store(mongo_url) as store:
        yield store


def lease_of(store: MongoStore, seconds: float = 60) -> Lease:
    return Lease(store, "leases", "bell", seconds=seconds)


async def test_of_many_who_ask_at_once_one_holds_it(store: MongoStore) -> None:
    found = await asyncio.gather(*(lease_of(store).take() for _ in range(10)))
    assert sum(document is not None for document in found) == 1


async def test_its_holder_may_take_it_again(store: MongoStore) -> None:
    lease = lease_of(store)
    assert await lease.take()
    assert await lease.take()
    assert lease.epoch == 1


async def test_one_that_is_not_renewed_passes_on_with_the_next_epoch(store: MongoStore) -> None:
    first, second = lease_of(store, seconds=0.05), lease_of(store)
    assert await first.take()
    await asyncio.sleep(0.1)
    assert await second.take()
    assert second.epoch == 2
    assert await first.take() is None


async def test_one_that_is_given_back_passes_on_at_once(store: MongoStore) -> None:
    first, second = lease_of(store), lease_of(store)
    await first.take()
    await first.give_back()
    assert await second.take()


async def test_who_lost_it_cannot_note_anything_any_more(store: MongoStore) -> None:
    first, second = lease_of(store, seconds=0.05), lease_of(store)
    await first.take()
    await asyncio.sleep(0.1)
    await second.take()
    assert not await first.note({"by": "first"})
    assert await second.note({"by": "second"})


async def test_it_is_renewed_for_as_long_as_it_is_kept(store: MongoStore) -> None:
    first, second = lease_of(store, seconds=1.5), lease_of(store)
    await first.take()
    async with first.kept() as lost:
        await asyncio.sleep(2)
        assert await second.take() is None
        assert not lost.is_set()


async def test_its_keeper_hears_of_its_loss(store: MongoStore) -> None:
    first, second = lease_of(store, seconds=0.3), lease_of(store)
    await first.take()
    async with first.kept() as lost:
        taken = {"lease.owner": second.owner, "lease.until": datetime.now(UTC) + timedelta(minutes=1)}
        await store.database["leases"].update_one({}, {"$set": taken})  # at once: the keeper renews beside it
        async with asyncio.timeout(10):
            await lost.wait()


async def test_it_counts_by_the_time_of_the_server(store: MongoStore) -> None:
    document = await lease_of(store, seconds=60).take()
    assert document is not None
    taken = document["lease"]["until"] - timedelta(seconds=60)
    assert abs(taken - datetime.now(UTC)) < timedelta(minutes=1)  # the same machine's clock here


async def test_members_rank_by_name_and_the_dead_do_not_count(store: MongoStore) -> None:
    one, two = Members(store, "zone.a", "1"), Members(store, "zone.a", "2")
    elsewhere = Members(store, "zone.ab", "0")
    await elsewhere.announce(WELL)
    await store.database["members"].insert_one({"_id": "zone.a|0", "until": datetime(2020, 1, 1, tzinfo=UTC)})
    await one.announce(WELL)
    assert await two.announce(WELL) == (1, 2)
    await one.leave()
    assert await two.announce(WELL) == (0, 1)
