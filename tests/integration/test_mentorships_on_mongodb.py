"""Mentorships on a real MongoDB, through the routes of two processes: one a pair, and none of a consultant who left."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.moments import NOON, FixedClock
from services.incubator.consulting.consultants.examples import CALENDAR, CONSULTANT
from services.incubator.programme.incubations.examples import INCUBATION
from services.incubator.tenants.examples import TENANT
from tests.incubator.conftest import OFFICER
from tests.incubator.consulting.conftest import CONSULTANTS
from tests.incubator.mentoring.conftest import MENTORSHIPS
from tests.incubator.programme.conftest import INCUBATIONS
from tests.integration.incubators import incubator_store, two_processes
from tests.integration.outcomes import outcomes

AT_ONCE = 20
Api = httpx.AsyncClient


def incubation(number: int) -> str:
    return f"inc_{number:032x}"


def wanted(number: int) -> dict[str, str]:
    return {"incubation_id": incubation(number), "consultant_id": CONSULTANT.id, "starts_on": "2027-03-01"}


@pytest.fixture
async def apis(mongo_url: str) -> AsyncIterator[list[Api]]:
    """An officer on each of two processes; a consultant, and a business that incubates many times."""
    async with incubator_store(mongo_url) as store:
        tx = Tx(store, now=NOON)
        for row in (TENANT, CALENDAR, CONSULTANT):
            tx.save(row.model_copy(deep=True))
        for number in range(AT_ONCE):
            tx.save(INCUBATION.model_copy(update={"id": incubation(number)}, deep=True))
        await tx.commit()
        async with two_processes(store, (OFFICER, OFFICER), FixedClock(NOON)) as apis:
            yield apis


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
