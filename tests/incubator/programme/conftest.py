"""An open cohort with rules, two partners that apply for it, officials that judge, and a clock that a test moves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.programme.module import programme
from tests.incubator.conftest import SCOPES, V1, As, Hear, Json, Pass, created, passing
from tests.incubator.registry_says import business, partner, registered
from tests.refusals import reason

PROGRAMS, COHORTS, APPLICATIONS, INCUBATIONS = (
    f"{V1}/{noun}" for noun in ("programs", "cohorts", "applications", "incubations")
)
FOUNDER: Json = {"name": "示例创始人", "graduated_on": "2024-06-30", "share_bps": 6000, "legal_representative": True}
CRITERIA: list[Json] = [
    {"key": "idea", "name": "项目", "weight_bps": 6000},
    {"key": "team", "name": "团队", "weight_bps": 4000},
]
RULES: list[Json] = [
    {"rule": "graduated_within", "months": 60},
    {"rule": "founder_share_at_least", "bps": 3000},
    {"rule": "founder_is_legal_representative"},
    {"rule": "business_registered_in_zone"},
    {"rule": "business_age_at_most", "months": 12},
]
PROGRAM: Json = {
    "name": "示例青年创业计划",
    "questions": [{"key": "idea", "text": "项目是什么？"}, {"key": "plan", "text": "计划？", "required": False}],
    "criteria": CRITERIA,
    "eligibility": RULES,
    "milestones": [
        {"title": "首位客户", "due_after_months": 3},
        {"title": "网站", "due_after_months": 6, "mandatory": False},
    ],
}
COHORT: Json = {
    "name": "2026年春季",
    "opens_at": "2026-03-02T09:00:00+08:00",
    "closes_at": "2026-03-10T00:00:00+08:00",
    "starts_on": "2026-04-01",
    "ends_on": "2027-03-31",
    "seats": 1,
}
"""It is Monday 2 March 2026, noon."""

Act = Callable[..., Awaitable[Json]]
Api = httpx.AsyncClient


def reviewer(number: int = 1) -> str:
    return f"cli_{number:032x}"


@pytest.fixture
async def officers(api_as: As, hear: Hear) -> AsyncIterator[list[Api]]:
    """Three officers, each a reviewer with a client of its own."""
    await hear(*(registered(number, by=number) for number in (1, 2)))
    async with AsyncExitStack() as stack:
        kinds = [caller("officer", partner=partner(99), client=reviewer(each), scopes=SCOPES) for each in (1, 2, 3)]
        yield [await stack.enter_async_context(api_as(each)) for each in kinds]


@pytest.fixture
def staff(officers: list[Api]) -> Api:
    return officers[0]


@pytest.fixture
def pass_time(store: MemoryStore, clock: FixedClock) -> Pass:
    """Moves the clock, and lets the clocks of programmes run twice: the second time changes nothing."""
    return passing(programme.clocks, store, clock)


@pytest.fixture
def plan(staff: Api, pass_time: Pass) -> Act:
    """Plans a cohort of an open programme, and lets it open by the clock."""

    async def plan(program: Json | None = None, **said: Any) -> Json:
        planned = created(await staff.post(PROGRAMS, json={**PROGRAM, **(program or {})}))
        opened = await staff.post(f"{PROGRAMS}/{planned['id']}/open")
        assert opened.status_code == 200, opened.text
        cohort = created(await staff.post(f"{PROGRAMS}/{planned['id']}/cohorts", json={**COHORT, **said}))
        await pass_time()
        found: Json = (await staff.get(f"{COHORTS}/{cohort['id']}")).json()
        return found

    return plan


def written(cohort: Json, by: int | None = 1, **said: Any) -> Json:
    """What an applicant sends."""
    usual = {"founders": [FOUNDER], "answers": {"idea": "示例项目"}, "business_id": by and business(by)}
    return {"cohort_id": cohort["id"], **usual, **said}


@pytest.fixture
def draft(first: Api) -> Act:
    """Drafts an application of the first business."""

    async def draft(cohort: Json, **said: Any) -> Json:
        return created(await first.post(APPLICATIONS, json=written(cohort, **said)))

    return draft


@pytest.fixture
def act(staff: Api) -> Act:
    """Does something to an application, as an officer unless said otherwise."""

    async def act(application: Json, action: str, *, by: Api | None = None, **said: Any) -> Json:
        answer = await (by or staff).post(f"{APPLICATIONS}/{application['id']}/{action}", json=said)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return act


@pytest.fixture
def submit(draft: Act, act: Act, first: Api, second: Api) -> Act:
    """Drafts and submits an application of the first business, or of a team without one."""

    async def submit(cohort: Json, **said: Any) -> Json:
        return await act(await draft(cohort, **said), "submit", by=first)

    return submit


@pytest.fixture
def interview(act: Act) -> Act:
    """Brings a submitted application to the interview."""

    async def interview(application: Json) -> Json:
        await act(application, "screen")
        return await act(application, "interview")

    return interview


@pytest.fixture
def accept(plan: Act, submit: Act, interview: Act, act: Act, pass_time: Pass) -> Act:
    """Accepts an application of the first business, or of a team without one, for a cohort from 1 April 2026 on."""

    async def accept(*, by: int | None = 1, program: Json | None = None, **said: object) -> Json:
        cohort = await plan(program={"eligibility": [], **(program or {})}, **said)
        application = await interview(await submit(cohort, by=by))
        await pass_time(days=8)
        return await act(application, "accept")

    return accept


@pytest.fixture
def enrol(accept: Act, staff: Api) -> Act:
    """Enrols the first business."""

    async def enrol(**said: object) -> Json:
        application = await accept(**said)
        body = {"baseline": {"staff": 3, "revenue": {"amount": 100, "currency": "CNY"}}}
        return created(await staff.post(f"{APPLICATIONS}/{application['id']}/enrol", json=body))

    return enrol


async def tried(api: Api, path: str, **said: Any) -> tuple[int, str]:
    """Status and code, or status, of what a POST is answered."""
    answer = await api.post(path, json=said)
    return answer.status_code, reason(answer) if answer.is_error else answer.json().get("status")


def kinds(store: MemoryStore, about: str) -> list[str]:
    """What was told of something: the names of its events."""
    rows = [row for id, row in sorted(store.collections["outbox"].items()) if id.startswith(f"{about}:")]
    return [row["type"].removeprefix("zone.incubator.") for row in rows]


def told(store: MemoryStore) -> list[Json]:
    """What all events say."""
    return [orjson.loads(row["data"]) for row in store.collections["outbox"].values()]
