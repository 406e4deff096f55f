"""Two businesses of two partners that seek people and put people forward, and a clock that a test moves."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson
import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.recruitment.module import recruitment
from tests.incubator.conftest import V1, Json, Pass, created, passing
from tests.incubator.registry_says import business

POSTINGS, CANDIDATES, APPLICATIONS = f"{V1}/job-postings", f"{V1}/candidates", f"{V1}/job-applications"
WORKPLACE = {"country": "CN", "region": "新疆", "locality": "库尔勒市"}
JOB = {
    "title": "电商运营专员",
    "description": "负责示例网店的日常运营。\n欢迎应届毕业生。",
    "employment_type": "full_time",
    "location": WORKPLACE,
    "valid_through": "2026-06-30",
    "fresh_graduates_welcome": True,
}
"""It is Monday 2 March 2026."""

Act = Callable[..., Awaitable[Json]]


@pytest.fixture
def publish(first: httpx.AsyncClient) -> Act:
    """Publishes a posting of the first business."""

    async def publish(**said: Any) -> Json:
        drafted = created(await first.post(POSTINGS, json={"business_id": business(1), **JOB, **said}))
        published = await first.post(f"{POSTINGS}/{drafted['id']}/publish")
        found: Json = published.json()
        assert found["status"] == "published", found
        return found

    return publish


def agreed_to(posting: Json) -> Json:
    return {"purpose": "posting", "posting_id": posting["id"], "text_version": "2026-03"}


@pytest.fixture
def enter(second: httpx.AsyncClient) -> Act:
    """Enters a person who agreed to be put forward for some postings."""
    entered = 0

    async def enter(*postings: Json, **said: Any) -> Json:
        nonlocal entered
        entered += 1
        usual = {"name": f"示例人{entered}", "email": f"person{entered}@graduates.example"}
        return created(
            await second.post(CANDIDATES, json={**usual, "consents": [agreed_to(each) for each in postings], **said})
        )

    return enter


@pytest.fixture
def apply(second: httpx.AsyncClient, enter: Act) -> Act:
    """Puts a person forward for a posting: a new one, unless one is given."""

    async def apply(posting: Json, person: Json | None = None) -> Json:
        candidate = person or await enter(posting)
        said = {"candidate_id": candidate["id"]}
        return created(await second.post(f"{POSTINGS}/{posting['id']}/applications", json=said))

    return apply


@pytest.fixture
def act(first: httpx.AsyncClient) -> Act:
    """Does something to an application, as the business."""

    async def act(application: Json, action: str, *, by: httpx.AsyncClient | None = None, **said: Any) -> Json:
        answer = await (by or first).post(f"{APPLICATIONS}/{application['id']}/{action}", json=said)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return act


@pytest.fixture
def pass_time(store: MemoryStore, clock: FixedClock) -> Pass:
    """Moves the clock, and lets the clocks of recruitment run twice: the second time changes nothing."""
    return passing(recruitment.clocks, store, clock)


def told(store: MemoryStore, about: str) -> list[tuple[str, Json]]:
    """What was told of jobs, offers and people: the name of each event, and what it says."""
    rows = [row for id, row in sorted(store.collections["outbox"].items()) if id.startswith(f"{about}:")]
    return [(row["type"].removeprefix("zone.incubator."), orjson.loads(row["data"])) for row in rows]


def kinds(store: MemoryStore, about: str) -> list[str]:
    return [kind for kind, _ in told(store, about)]
