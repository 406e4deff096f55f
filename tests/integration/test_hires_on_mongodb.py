"""Hires on a real MongoDB, through the routes of two processes: as many as there are openings, never more."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.recruitment.candidates.candidate import Candidate
from tests.incubator.conftest import FIRST, OFFICER, Json, created
from tests.incubator.recruitment.conftest import APPLICATIONS, CANDIDATES, JOB, POSTINGS, agreed_to
from tests.incubator.registry_says import business, registered
from tests.integration.incubators import incubator_store, two_processes
from tests.integration.outcomes import outcomes

AT_ONCE, OPENINGS = 200, 5
Api = httpx.AsyncClient


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[MongoStore]:
    async with incubator_store(mongo_url, registered(1, by=1)) as store:
        yield store


@pytest.fixture
async def apis(store: MongoStore) -> AsyncIterator[list[Api]]:
    """A partner and an officer, each on a process of its own."""
    async with two_processes(store, (FIRST, OFFICER), FixedClock(NOON)) as apis:
        yield apis


@pytest.fixture
async def posting(apis: list[Api]) -> Json:
    drafted = created(await apis[0].post(POSTINGS, json={**JOB, "business_id": business(1), "openings": OPENINGS}))
    await apis[0].post(f"{POSTINGS}/{drafted['id']}/publish")
    return drafted


async def entered(api: Api, number: int, posting: Json) -> Json:
    said = {"name": f"示例人{number}", "email": f"person{number}@graduates.example", "consents": [agreed_to(posting)]}
    return created(await api.post(CANDIDATES, json=said))


async def applied(api: Api, number: int, posting: Json) -> Json:
    person = await entered(api, number, posting)
    return created(await api.post(f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": person["id"]}))


async def test_of_two_hundred_hires_for_five_openings_five_are_made(apis: list[Api], posting: Json) -> None:
    sent = await asyncio.gather(*(applied(apis[0], number, posting) for number in range(AT_ONCE)))
    answers = await asyncio.gather(
        *(apis[number % 2].post(f"{APPLICATIONS}/{each['id']}/hire") for number, each in enumerate(sent))
    )
    assert outcomes(answers) == {(200, "hired"): OPENINGS, (409, "no_openings_left"): AT_ONCE - OPENINGS}
    after = (await apis[0].get(f"{POSTINGS}/{posting['id']}")).json()
    assert (after["hired"], after["status"]) == (OPENINGS, "filled")


async def test_of_a_person_put_forward_by_two_at_once_one_application_is_taken(apis: list[Api], posting: Json) -> None:
    people = [await entered(api, 1, posting) for api in apis]
    answers = await asyncio.gather(
        *(
            apis[number % 2].post(
                f"{POSTINGS}/{posting['id']}/applications", json={"candidate_id": people[number % 2]["id"]}
            )
            for number in range(20)
        )
    )
    assert outcomes(answers) == {(201, "applied"): 1, (409, "already_applied"): 19}


async def test_who_is_erased_while_applying_is_erased_and_has_no_application_that_runs(
    apis: list[Api], posting: Json, store: MongoStore
) -> None:
    people = [await entered(apis[0], number, posting) for number in range(20)]
    to_apply = f"{POSTINGS}/{posting['id']}/applications"
    answers = await asyncio.gather(
        *(apis[0].post(to_apply, json={"candidate_id": each["id"]}) for each in people),
        *(apis[1].post(f"{CANDIDATES}/{each['id']}/erase") for each in people),
    )
    assert {each.status_code for each in answers[20:]} == {200}
    left = (await apis[0].get(APPLICATIONS, params={"limit": 100})).json()["data"]
    assert {each["status"] for each in left} <= {"withdrawn"}
    known = await Tx(store, now=NOON).select(Candidate, {}, limit=100)
    assert {(each.live, each.name) for each in known} == {(0, None)}
