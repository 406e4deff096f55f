"""Water and electricity on a store in memory, with a clock that is moved: staff, two partners, and what they do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.chassis.background.job import Job, JobStatus
from services.chassis.domain.times import ZONE_TIME
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock, memory_tx
from services.incubator.main import service
from tests.incubator.conftest import Hear
from tests.incubator.registry_says import business, partner, registered

V1 = "/v1/incubator"
STAFF = "incubator:read incubator:write incubator:manage"

Post = Callable[..., Awaitable[Any]]


def at(text: str) -> datetime:
    """`at("2026-07-01")` is the beginning of that day in the zone, `at("2026-07-01 08:00")` eight o'clock there."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE_TIME)


def instant(text: str) -> str:
    return at(text).isoformat()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2026-09-01 09:00"))


@pytest.fixture
async def calls(store: MemoryStore, clock: FixedClock) -> AsyncIterator[Callable[..., Any]]:
    app = service.routes_on(store, settings(), clock=clock)
    async with AsyncExitStack() as stack:

        async def client(kind: str, number: int, scopes: str) -> httpx.AsyncClient:
            one = caller(kind, partner=partner(number), scopes=scopes)
            return await stack.enter_async_context(client_of(app, one, "incubator"))

        yield client


@pytest.fixture
async def staff(calls: Callable[..., Any]) -> httpx.AsyncClient:
    found: httpx.AsyncClient = await calls("officer", 99, STAFF)
    return found


@pytest.fixture
async def owner(calls: Callable[..., Any]) -> httpx.AsyncClient:
    """The partner that registered the businesses 1 to 3."""
    found: httpx.AsyncClient = await calls("partner", 1, "incubator:read incubator:write")
    return found


@pytest.fixture
async def stranger(calls: Callable[..., Any]) -> httpx.AsyncClient:
    found: httpx.AsyncClient = await calls("partner", 2, "incubator:read incubator:write")
    return found


@pytest.fixture
def post(staff: httpx.AsyncClient) -> Post:
    """Posts as staff what must be taken, and gives the answer."""

    async def post(path: str, body: Any = None, status: int = 201) -> Any:
        answer = await staff.post(f"{V1}{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    return post


@pytest.fixture
async def tenants(hear: Hear) -> None:
    """The businesses 1 to 3 are tenants, all of them registered by partner 1."""
    await hear(*(registered(number, by=1) for number in (1, 2, 3)))


@pytest.fixture
async def site(post: Post) -> Any:
    return await post("/sites", {"name": "示例电商大厦", "address": "示例路1号", "area_m2": 12500})


def tariff(price: str = "0.50", *, utility: str = "electricity", standing: int = 0, **more: Any) -> dict[str, Any]:
    """A tariff of one tier."""
    unit = "kWh" if utility == "electricity" else "m3"
    return {
        "name": "示例单一制",
        "utility": utility,
        "effective_from": "2025-01-01",
        "mode": "graduated",
        "tiers": [{"up_to": None, "unit_price": {"price": price, "currency": "CNY", "per": unit}}],
        "standing_per_month": {"amount": standing, "currency": "CNY"},
        **more,
    }


def point_at(site: Any, published: Any, *, place: str = "3-302", number: int = 1, area: float = 100) -> dict[str, Any]:
    """A service point of a business from 1 July 2026 on."""
    return {
        "site_id": site["id"],
        "utility": published["utility"],
        "place": place,
        "business_id": business(number),
        "tariff_id": published["id"],
        "area_m2": area,
        "opened_on": "2026-07-01",
    }


def meter_of(point: Any, *, serial: str = "EX-1", initial: str = "100", **more: Any) -> dict[str, Any]:
    """A meter of five digits that shows 100 as July begins."""
    begins = f"{point['opened_on']}T00:00:00+08:00"
    return {
        "serial": serial,
        "utility": point["utility"],
        "digits": 5,
        "service_point_id": point["id"],
        "at": begins,
        "initial": initial,
        **more,
    }


async def finish_jobs(store: MemoryStore, now: datetime) -> None:
    """Does every step of every job that waits, each in a unit of work of its own, as a worker does."""
    for row in store.rows("jobs"):
        while True:
            tx = memory_tx(store, at=now)
            job = tx.save(await tx.get(Job, row["_id"]))
            if job.has_ended:
                break
            if job.status is JobStatus.QUEUED:
                job.begin(at=now)
            await service.jobs[job.kind](job, tx, store.files)
            await tx.commit()


@pytest.fixture
def bill_month(post: Post, store: MemoryStore, clock: FixedClock) -> Callable[[str], Awaitable[Any]]:
    """Runs a month to its end, and gives the run."""

    async def bill_month(period: str) -> Any:
        run = await post("/billing-runs", {"period": period}, 202)
        await finish_jobs(store, clock.at)
        return run["id"]

    return bill_month


@pytest.fixture
def finalise(store: MemoryStore, clock: FixedClock) -> Callable[[], Awaitable[None]]:
    """Lets the clock that makes drafts final run."""

    async def finalise() -> None:
        for each in service.clocks:
            if each.name == "incubator.utility_bills":
                await each.task(clock.at, lambda: memory_tx(store, at=clock.at))

    return finalise
