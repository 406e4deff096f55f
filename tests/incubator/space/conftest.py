"""A site with a room and ten desks, two businesses of two partners, and a clock that a test moves."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.incubator.main import service
from tests.incubator.conftest import V1, As, Json, Pass, created
from tests.incubator.registry_says import business

MORNING = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
"""Monday 6 July 2026, nine in the morning in Shanghai."""


def at(text: str) -> str:
    """`at("07-06 10:00")` by the clock of the site."""
    return f"2026-{text.replace(' ', 'T')}:00+08:00"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)


@pytest.fixture
def api_as(store: MemoryStore, clock: FixedClock) -> As:
    app = service.routes_on(store, settings(), clock=clock)
    return lambda who: client_of(app, who, "incubator")


@pytest.fixture
async def site(staff: httpx.AsyncClient) -> Json:
    said = {"name": "示例电商大厦", "address": "示例路1号", "area_m2": 1200}
    return created(await staff.post(f"{V1}/sites", json=said))


Add = Callable[..., Awaitable[Json]]


@pytest.fixture
def add(staff: httpx.AsyncClient, site: Json) -> Add:
    """Adds a resource, open every day from 8 to 22."""

    async def add(**said: Any) -> Json:
        week = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]
        usual = {"site_id": site["id"], "name": "会议室一", "kind": "room", "capacity": 10, "opening": week}
        return created(await staff.post(f"{V1}/resources", json=usual | said))

    return add


@pytest.fixture
async def room(add: Add) -> Json:
    return await add(rate={"price": "80", "currency": "CNY", "per": "hour"})


def wanted(*resources: Json, start: str = "07-06 10:00", end: str = "07-06 12:00", by: int = 1, **more: Any) -> Json:
    """The body of a reservation."""
    ids = [each["id"] for each in resources]
    said = {"business_id": business(by), "resource_ids": ids, "start": at(start), "end": at(end), "title": "评审"}
    return said | more


@pytest.fixture
def pass_time(store: MemoryStore, clock: FixedClock) -> Pass:
    """Moves the clock, and lets the clocks of the incubator run."""

    async def pass_time(**by: float) -> None:
        clock.at += timedelta(**by)
        for module in service.modules:
            for each in module.clocks:
                await each.task(clock.at, lambda: Tx(store, now=clock.at))

    return pass_time
