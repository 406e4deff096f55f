"""The first business incubates, two consultants give advice, and a test moves the clock."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.mentoring.module import mentoring
from tests.incubator.conftest import V1, Json, Pass, created
from tests.incubator.consulting.conftest import CONSULTANTS, PERSON
from tests.incubator.programme import conftest as programme
from tests.refusals import reason

officers, staff, pass_time = programme.officers, programme.staff, programme.pass_time
plan, draft, act, submit, interview = (
    programme.plan,
    programme.draft,
    programme.act,
    programme.submit,
    programme.interview,
)
accept, enrol = programme.accept, programme.enrol

MENTORSHIPS = f"{V1}/mentorships"
Api = httpx.AsyncClient
Act = Callable[..., Awaitable[Json]]
"""The first business is enrolled on Tuesday 10 March 2026, and incubates from 1 April 2026 to 1 April 2027."""


@pytest.fixture
async def incubation(enrol: Act) -> Json:
    return await enrol(program={"milestones": []})


@pytest.fixture
def employ(staff: Api) -> Act:
    """Adds a consultant."""

    async def employ(**said: Any) -> Json:
        sites = (await staff.get(f"{V1}/sites")).json()["data"]
        site = sites or [created(await staff.post(f"{V1}/sites", json={"name": "x", "address": "x", "area_m2": 9}))]
        return created(await staff.post(CONSULTANTS, json={"site_id": site[0]["id"], **PERSON, **said}))

    return employ


@pytest.fixture
async def consultant(employ: Act) -> Json:
    return await employ()


def wanted(incubation: Json, consultant: Json, **said: Any) -> Json:
    """The body of a proposal, from 1 April on."""
    named = {"incubation_id": incubation["id"], "consultant_id": consultant["id"]}
    return {**named, "starts_on": "2026-04-01", **said}


@pytest.fixture
def propose(first: Api, incubation: Json, consultant: Json) -> Act:
    """Proposes a mentorship, as the partner of the first business unless said otherwise."""

    async def propose(*, by: Api | None = None, **said: Any) -> Json:
        return created(await (by or first).post(MENTORSHIPS, json=wanted(incubation, consultant, **said)))

    return propose


@pytest.fixture
async def active(propose: Act, staff: Api) -> Json:
    """A mentorship that both sides agreed to."""
    return await done(staff, await propose(), "accept")


@pytest.fixture
def look(staff: Api) -> Act:
    """A mentorship as it is now."""

    async def look(mentorship: Json) -> Json:
        found: Json = (await staff.get(f"{MENTORSHIPS}/{mentorship['id']}")).json()
        return found

    return look


@pytest.fixture
def pass_days(store: MemoryStore, clock: FixedClock) -> Pass:
    """Moves the clock, and lets the clock of mentoring run twice: the second time changes nothing."""

    async def pass_days(days: float) -> None:
        clock.at += timedelta(days=days)
        await run()
        before = dict(store.collections["outbox"])
        await run()
        assert store.collections["outbox"] == before

    async def run() -> None:
        for each in mentoring.clocks:
            await each.task(clock.at, lambda: memory_tx(store, at=clock.at))

    return pass_days


async def done(api: Api, mentorship: Json, action: str) -> Json:
    answer = await api.post(f"{MENTORSHIPS}/{mentorship['id']}/{action}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def refused(api: Api, mentorship: Json, action: str) -> tuple[int, str]:
    answer = await api.post(f"{MENTORSHIPS}/{mentorship['id']}/{action}")
    return answer.status_code, reason(answer)
