"""Seats on a real MongoDB, through the routes of two processes: as many as a cohort has, never more (idiom T2, P2)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.programme.module import programme
from tests.incubator.conftest import FIRST, SCOPES, Json, created
from tests.incubator.programme.conftest import APPLICATIONS, COHORT, COHORTS, PROGRAM, PROGRAMS, reviewer, written
from tests.incubator.registry_says import partner
from tests.integration.incubators import incubator_store, two_processes
from tests.integration.outcomes import outcomes

AT_ONCE, SEATS = 200, 5
Api = httpx.AsyncClient
OFFICERS = [caller("officer", partner=partner(99), client=reviewer(number), scopes=SCOPES) for number in (1, 2)]


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url) as store:
        yield store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
async def apis(store: MongoStore, clock: FixedClock) -> AsyncIterator[list[Api]]:
    """Two officers, each on a process of its own, and a partner on the first one."""
    async with two_processes(store, (*OFFICERS, FIRST), clock) as apis:
        yield apis


async def run_clocks(store: MongoStore, clock: FixedClock) -> None:
    for each in programme.clocks:
        await each.task(clock.at, lambda: Tx(store, now=clock.at))


@pytest.fixture
async def cohort(apis: list[Api], store: MongoStore, clock: FixedClock) -> Json:
    program = created(await apis[0].post(PROGRAMS, json={**PROGRAM, "eligibility": []}))
    await apis[0].post(f"{PROGRAMS}/{program['id']}/open")
    planned = created(await apis[0].post(f"{PROGRAMS}/{program['id']}/cohorts", json={**COHORT, "seats": SEATS}))
    await run_clocks(store, clock)
    return planned


async def submitted(apis: list[Api], cohort: Json) -> Json:
    application = created(await apis[2].post(APPLICATIONS, json=written(cohort, by=None)))
    answer = await apis[2].post(f"{APPLICATIONS}/{application['id']}/submit")
    assert answer.status_code == 200, answer.text
    return application


async def interviewed(apis: list[Api], cohort: Json) -> Json:
    application = await submitted(apis, cohort)
    for action in ("screen", "interview"):
        answer = await apis[0].post(f"{APPLICATIONS}/{application['id']}/{action}")
        assert answer.status_code == 200, answer.text
    return application


async def test_of_two_hundred_accepts_for_five_seats_five_are_made(
    apis: list[Api], cohort: Json, store: MongoStore, clock: FixedClock
) -> None:
    sent = await asyncio.gather(*(interviewed(apis, cohort) for _ in range(AT_ONCE)))
    clock.at += timedelta(days=8)
    await run_clocks(store, clock)
    answers = await asyncio.gather(
        *(apis[number % 2].post(f"{APPLICATIONS}/{each['id']}/accept") for number, each in enumerate(sent))
    )
    assert outcomes(answers) == {(200, "accepted"): SEATS, (409, "cohort_full"): AT_ONCE - SEATS}
    after = (await apis[0].get(f"{COHORTS}/{cohort['id']}")).json()
    assert after["seats_taken"] == SEATS


async def test_of_many_promotions_at_once_as_many_are_made_as_there_are_seats_each_of_another(
    apis: list[Api], cohort: Json, store: MongoStore, clock: FixedClock
) -> None:
    sent = await asyncio.gather(*(submitted(apis, cohort) for _ in range(2 * SEATS)))
    clock.at += timedelta(days=8)
    await run_clocks(store, clock)
    for each in sent:
        await apis[0].post(f"{APPLICATIONS}/{each['id']}/waitlist")
    answers = await asyncio.gather(
        *(apis[number % 2].post(f"{COHORTS}/{cohort['id']}/promote") for number in range(20))
    )
    assert Counter(each.status_code for each in answers) == {200: SEATS, 409: 20 - SEATS}
    promoted = {each.json()["application_id"] for each in answers if each.status_code == 200}
    first_in_line = {each["id"] for each in sorted(sent, key=lambda each: str(each["id"]))[:SEATS]}
    assert promoted == first_in_line


async def test_a_cohort_that_is_cancelled_while_many_apply_has_no_application_that_runs(
    apis: list[Api], cohort: Json, store: MongoStore, clock: FixedClock
) -> None:
    answers = await asyncio.gather(
        *(apis[2].post(APPLICATIONS, json=written(cohort, by=None)) for _ in range(20)),
        apis[1].post(f"{COHORTS}/{cohort['id']}/cancel", json={"reason": "示例"}),
    )
    assert answers[-1].status_code == 200
    assert {each.status_code for each in answers[:-1]} <= {201, 409}
    await run_clocks(store, clock)
    left = (await apis[0].get(APPLICATIONS, params={"limit": 100})).json()["data"]
    assert {each["status"] for each in left} <= {"withdrawn"}
