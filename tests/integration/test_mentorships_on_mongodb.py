"""Mentorships on a real MongoDB, through the routes of two processes: one a pair, and none of a consultant who left."""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from services.chassis.store.grouping.group_commit import GroupCommit
from services.chassis.store.mongo import MongoStore
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.consulting.consultants.examples import CALENDAR, CONSULTANT
from services.incubator.main import service
from services.incubator.programme.incubations.examples import INCUBATION
from services.incubator.tenants.examples import TENANT
from tests.incubator.conftest import OFFICER
from tests.incubator.consulting.conftest import CONSULTANTS
from tests.incubator.mentoring.conftest import MENTORSHIPS
from tests.incubator.programme.conftest import INCUBATIONS

AT_ONCE = 20
Api = httpx.AsyncClient


def incubation(number: int) -> str:
    return f"inc_{number:032x}"


def wanted(number: int) -> dict[str, str]:
    return {"incubation_id": incubation(number), "consultant_id": CONSULTANT.id, "starts_on": "2027-03-01"}


@pytest.fixture
async def apis(mongo_url: str) -> AsyncIterator[list[Api]]:
    """An officer on each of two processes; a consultant, and a business that incubates many times."""
    store = MongoStore(mongo_url, f"incubator_{uuid.uuid4().hex[:12]}", "incubator")
    await store.prepare(service.documents)
    tx = Tx(store, now=NOON)
    for row in (TENANT, CALENDAR, CONSULTANT):
        tx.save(row.model_copy(deep=True))
    for number in range(AT_ONCE):
        tx.save(INCUBATION.model_copy(update={"id": incubation(number)}, deep=True))
    await tx.commit()
    told = settings(request_deadline=60.0)
    apps = [service.routes_on(GroupCommit(store), told, clock=FixedClock(NOON)) for _ in range(2)]
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(client_of(app, OFFICER, "incubator")) for app in apps]
    await store.database.client.drop_database(store.database.name)
    store.close()


def outcomes(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    return Counter((each.status_code, each.json().get("code", each.json().get("status", ""))) for each in answers)


async def live(api: Api) -> int:
    found = (await api.get(MENTORSHIPS, params={"status": "proposed", "limit": 100})).json()
    return len(found["data"])


async def test_of_twenty_proposals_of_one_pair_one_is_made(apis: list[Api]) -> None:
    answers = await asyncio.gather(*(apis[n % 2].post(MENTORSHIPS, json=wanted(0)) for n in range(AT_ONCE)))
    assert outcomes(answers) == {(201, "proposed"): 1, (409, "mentorship_exists"): AT_ONCE - 1}


async def test_a_consultant_who_leaves_while_many_propose_mentors_nobody(apis: list[Api]) -> None:
    proposals = [apis[n % 2].post(MENTORSHIPS, json=wanted(n)) for n in range(AT_ONCE)]
    half = AT_ONCE // 2
    retire = apis[1].post(f"{CONSULTANTS}/{CONSULTANT.id}/retire")
    answers = await asyncio.gather(*proposals[:half], retire, *proposals[half:])
    retired = answers.pop(half)
    assert retired.status_code == 200, retired.text
    assert set(outcomes(answers)) <= {(201, "proposed"), (409, "consultant_left")}
    assert await live(apis[0]) == 0


async def test_an_incubation_that_ends_while_it_is_proposed_for_has_no_mentor(apis: list[Api]) -> None:
    for number in range(5):
        path = f"{INCUBATIONS}/{incubation(number)}/withdraw"
        proposed, ended = await asyncio.gather(apis[0].post(MENTORSHIPS, json=wanted(number)), apis[1].post(path))
        assert ended.status_code == 200, ended.text
        assert outcomes([proposed]).keys() <= {(201, "proposed"), (409, "incubation_ended")}
    assert await live(apis[0]) == 0
