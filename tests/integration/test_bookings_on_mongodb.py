"""Bookings on a real MongoDB, through the routes of two processes: as many succeed as there are places, never more."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest

from services.chassis.store.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.moments import FixedClock
from services.incubator.booking.reservation import Reservation
from services.incubator.main import service
from services.incubator.space.clocks import pass_time
from tests.incubator.registry_says import registered
from tests.incubator.space.conftest import FIRST, MORNING, OFFICER, SECOND, V1, Json, created, wanted

AT_ONCE, PLACES = 200, 5
RESERVATIONS = f"{V1}/reservations"
Api = httpx.AsyncClient


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
    yield store
    await store.database.client.drop_database(store.database.name)
    store.close()


@pytest.fixture
async def apis(store: MongoStore, clock: FixedClock) -> AsyncIterator[list[Api]]:
    """Two partners, each on a process of its own, and an officer on the first."""
    told = settings(request_deadline=60.0)
    apps = [service.routes_on(GroupCommit(store), told, clock=clock) for _ in range(2)]
    async with AsyncExitStack() as stack:
        who = [(apps[0], FIRST), (apps[1], SECOND), (apps[0], OFFICER)]
        yield [await stack.enter_async_context(client_of(app, each, "incubator")) for app, each in who]


@pytest.fixture
async def desks(apis: list[Api]) -> Json:
    site = created(
        await apis[2].post(f"{V1}/sites", json={"name": "示例电商大厦", "address": "示例路1号", "area_m2": 100})
    )
    week = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]
    said = {"site_id": site["id"], "name": "工位", "kind": "hot_desk", "units": PLACES, "opening": week}
    return created(await apis[2].post(f"{V1}/resources", json=said))


def outcomes(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    return Counter((each.status_code, each.json().get("code", each.json().get("status"))) for each in answers)


async def taken(store: MongoStore) -> list[str]:
    """Every slot that a reservation says that it takes, once for each that says so."""
    found = await Tx(store, now=MORNING).select(Reservation, {}, limit=1000)
    return [claim.key for each in found for claim in each.claims()]


async def claimed(store: MongoStore) -> list[str]:
    return [each["_id"] async for each in store.database["claims"].find({"_id": {"$regex": "^slot"}})]


async def test_of_two_hundred_bookings_of_five_desks_five_are_made(
    apis: list[Api], desks: Json, store: MongoStore
) -> None:
    answers = await asyncio.gather(
        *(apis[n % 2].post(RESERVATIONS, json=wanted(desks, by=n % 2 + 1)) for n in range(AT_ONCE))
    )
    assert outcomes(answers) == {(201, "confirmed"): PLACES, (409, "slot_taken"): AT_ONCE - PLACES}
    assert Counter(await taken(store)) == Counter(await claimed(store))
    assert {each["units"][0]["unit"] for answer in answers if (each := answer.json()).get("units")} == set(
        range(PLACES)
    )


async def test_of_overlapping_bookings_no_two_share_a_slot(apis: list[Api], desks: Json, store: MongoStore) -> None:
    def body(n: int) -> Json:
        hour = 10 + n % 4
        return wanted(desks, start=f"07-06 {hour}:30", end=f"07-06 {hour + 2}:00", by=n % 2 + 1)

    answers = await asyncio.gather(*(apis[n % 2].post(RESERVATIONS, json=body(n)) for n in range(AT_ONCE // 2)))
    assert set(outcomes(answers)) == {(201, "confirmed"), (409, "slot_taken")}
    assert max(Counter(await taken(store)).values()) == 1
    assert sorted(await taken(store)) == sorted(await claimed(store))


async def test_a_business_never_has_more_than_five_holds_however_many_it_asks_for_at_once(
    apis: list[Api], store: MongoStore, desks: Json
) -> None:
    def body(n: int) -> Json:
        return wanted(desks, start=f"07-{10 + n} 10:00", end=f"07-{10 + n} 11:00", hold_minutes=10)

    answers = await asyncio.gather(*(apis[0].post(RESERVATIONS, json=body(n)) for n in range(20)))
    assert outcomes(answers) == {(201, "held"): 5, (409, "too_many_holds"): 15}


async def test_a_hold_that_ends_while_it_is_confirmed_and_taken_over_is_one_s_alone(
    apis: list[Api], desks: Json, store: MongoStore, clock: FixedClock
) -> None:
    holds = [created(await apis[0].post(RESERVATIONS, json=wanted(desks, hold_minutes=5))) for _ in range(PLACES)]
    clock.at += timedelta(minutes=5)
    await asyncio.gather(
        *(apis[0].post(f"{RESERVATIONS}/{each['id']}/confirm", json={}) for each in holds),
        *(apis[1].post(RESERVATIONS, json=wanted(desks, by=2)) for _ in range(20)),
        pass_time(clock.at, lambda: Tx(store, now=clock.at)),
    )
    await pass_time(clock.at, lambda: Tx(store, now=clock.at))
    assert max(Counter(await taken(store)).values()) == 1
    assert sorted(await taken(store)) == sorted(await claimed(store))
    held = (await apis[0].get(RESERVATIONS)).json()["data"]
    assert {each["status"] for each in held} == {"expired"}
