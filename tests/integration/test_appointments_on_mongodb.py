"""Appointments on a real MongoDB, through the routes of two processes: nobody is in two places at a time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.testing.moments import FixedClock
from tests.incubator.conftest import OFFICER, V1, Json, created
from tests.incubator.consulting.conftest import (
    APPOINTMENTS,
    CONSULTANTS,
    CONSULTATION,
    OFFERINGS,
    PERSON,
    wanted,
)
from tests.incubator.registry_says import registered
from tests.incubator.space.conftest import MORNING
from tests.integration.incubators import incubator_store, two_processes

AT_ONCE = 200
Api = httpx.AsyncClient


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    businesses = (registered(number, by=1) for number in range(1, AT_ONCE + 1))
    async with incubator_store(mongo_url, *businesses, at=MORNING) as store:
        yield store


@pytest.fixture
async def apis(store: MongoStore) -> AsyncIterator[list[Api]]:
    """An officer on two processes."""
    async with two_processes(store, (OFFICER, OFFICER), FixedClock(MORNING)) as apis:
        yield apis


@pytest.fixture
async def site(apis: list[Api]) -> Json:
    return created(await apis[0].post(f"{V1}/sites", json={"name": "示例", "address": "示例路1号", "area_m2": 1}))


@pytest.fixture
async def offering(apis: list[Api]) -> Json:
    return created(await apis[0].post(OFFERINGS, json=CONSULTATION))


async def employed(api: Api, site: Json) -> Json:
    return created(await api.post(CONSULTANTS, json={"site_id": site["id"], **PERSON}))


async def asked(apis: list[Api], bodies: list[Json]) -> Counter[tuple[int, str]]:
    """What became of requests that are sent at once, in turn to one process and the other."""
    sent = (apis[number % 2].post(APPOINTMENTS, json=each) for number, each in enumerate(bodies))
    answers = await asyncio.gather(*sent)
    return Counter((each.status_code, each.json().get("code", each.json().get("status"))) for each in answers)


async def test_of_two_hundred_businesses_that_want_one_hour_of_a_consultant_one_gets_it(
    apis: list[Api], site: Json, offering: Json
) -> None:
    consultant = await employed(apis[0], site)
    bodies = [wanted(consultant, offering, by=number) for number in range(1, AT_ONCE + 1)]
    assert await asked(apis, bodies) == {(201, "requested"): 1, (409, "slot_taken"): AT_ONCE - 1}


async def test_of_two_hundred_consultants_that_one_business_wants_at_one_hour_it_gets_one(
    apis: list[Api], site: Json, offering: Json
) -> None:
    people = [await employed(apis[0], site) for _ in range(AT_ONCE)]
    bodies = [wanted(each, offering) for each in people]
    assert await asked(apis, bodies) == {(201, "requested"): 1, (409, "party_busy"): AT_ONCE - 1}


async def test_a_weekly_limit_holds_for_requests_at_different_hours(
    apis: list[Api], site: Json, offering: Json
) -> None:
    consultant = await employed(apis[0], site)
    hours = [f"07-{day:02} {hour:02}:00" for day in range(6, 11) for hour in range(10, 18)]
    found = await asked(apis, [wanted(consultant, offering, hour) for hour in hours])
    most = consultant["max_per_week"]
    assert found == {(201, "requested"): most, (409, "quota_exhausted"): len(hours) - most}
