"""Two processes of the incubator on one real MongoDB, two partners and an officer, each a client of both."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import httpx
import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import FixedClock
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.reservation import Reservation
from services.incubator.finance.clocks import open_zone_book
from tests.incubator.conftest import FIRST, OFFICER, SECOND, V1, Json, created
from tests.incubator.registry_says import registered
from tests.incubator.space.conftest import MORNING
from tests.integration.incubators import incubator_store, two_processes

AT_ONCE = 200
Api = httpx.AsyncClient


@dataclass(frozen=True)
class Pair:
    """A caller, as a client of each of two processes."""

    apis: Sequence[Api]

    def __getitem__(self, n: int) -> Api:
        """Its clients in turn: that of the one process, that of the other, and so on."""
        return self.apis[n % len(self.apis)]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1, by=1), registered(2, by=2), at=MORNING) as store:
        await open_zone_book(MORNING, lambda: Tx(store, now=MORNING))
        yield store


@pytest.fixture
async def pairs(store: MongoStore, clock: FixedClock) -> AsyncIterator[dict[str, Pair]]:
    async with two_processes(store, (FIRST, FIRST, SECOND, SECOND, OFFICER, OFFICER), clock) as apis:
        yield {"first": Pair(apis[:2]), "second": Pair(apis[2:4]), "staff": Pair(apis[4:])}


@pytest.fixture
def first(pairs: dict[str, Pair]) -> Pair:
    """The partner of the first business."""
    return pairs["first"]


@pytest.fixture
def second(pairs: dict[str, Pair]) -> Pair:
    """The partner of the second business."""
    return pairs["second"]


@pytest.fixture
def staff(pairs: dict[str, Pair]) -> Pair:
    return pairs["staff"]


@pytest.fixture
async def site(staff: Pair) -> Json:
    said = {"name": "示例电商大厦", "address": "示例路1号", "area_m2": 100}
    return created(await staff[0].post(f"{V1}/sites", json=said))


async def added(staff: Pair, site: Json, **said: object) -> Json:
    """A resource of a site, open every day from 8 to 22."""
    week = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]
    usual = {"site_id": site["id"], "name": "工位", "kind": "hot_desk", "opening": week}
    return created(await staff[0].post(f"{V1}/resources", json=usual | said))


async def taken(store: MongoStore) -> list[str]:
    """Every slot and day that something says that it takes, once for each that says so."""
    tx = Tx(store, now=MORNING)
    keys = [claim.key for each in await tx.select(Reservation, {}, limit=1000) for claim in each.claims()]
    keys += [claim.key for each in await tx.select(Allocation, {}, limit=1000) for claim in each.claims()]
    return keys + [claim.key for each in await tx.select(Blackout, {}, limit=1000) for claim in each.claims()]


async def claimed(store: MongoStore) -> list[str]:
    """Every slot and day that is claimed."""
    return [each["_id"] async for each in store.database["claims"].find({"_id": {"$regex": "^slot"}})]


async def nobody_shares_anything(store: MongoStore) -> None:
    """What is taken is claimed, once, and nothing else is."""
    assert sorted(await taken(store)) == sorted(await claimed(store))
