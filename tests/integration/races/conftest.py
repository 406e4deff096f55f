"""Two processes of the incubator on one real MongoDB, two partners and an officer, each a client of both."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest

from services.chassis.domain.caller import Caller
from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.moments import FixedClock
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.blackout import Blackout
from services.incubator.booking.reservation import Reservation
from services.incubator.finance.clocks import open_zone_book
from services.incubator.main import service
from tests.incubator.conftest import FIRST, OFFICER, SECOND, V1, Json, created
from tests.incubator.registry_says import registered
from tests.incubator.space.conftest import MORNING

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
    store = MongoStore(mongo_url, f"incubator_{uuid.uuid4().hex[:12]}", "incubator")
    await store.prepare(service.documents)
    for number in (1, 2):
        tx = Tx(store, now=MORNING)
        await heard.hear(service.handlers, tx, registered(number, by=number))
        await tx.commit()
    await open_zone_book(MORNING, lambda: Tx(store, now=MORNING))
    yield store
    await store.database.client.drop_database(store.database.name)
    store.close()


@pytest.fixture
async def pairs(store: MongoStore, clock: FixedClock) -> AsyncIterator[dict[str, Pair]]:
    told = settings(request_deadline=60.0)
    apps = [service.routes_on(GroupCommit(store), told, clock=clock) for _ in range(2)]
    async with AsyncExitStack() as stack:

        async def pair(who: Caller) -> Pair:
            return Pair([await stack.enter_async_context(client_of(app, who, "incubator")) for app in apps])

        yield {"first": await pair(FIRST), "second": await pair(SECOND), "staff": await pair(OFFICER)}


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


def outcomes(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    """How many answers were what: their status, and the code or the status of what they show."""
    return Counter((each.status_code, each.json().get("code", each.json().get("status"))) for each in answers)


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
