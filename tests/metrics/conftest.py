"""The API of metrics over a store in memory, on a day of 2026."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from tests.metrics.happenings import TODAY


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore.of(service)


@pytest.fixture
async def api(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read the figures in `store`."""
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("auditor", scopes="metrics:read"), audience="metrics") as client:
        yield client


@pytest.fixture
async def operator(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    """A client that runs the zone."""
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    of_operator = caller("operator", scopes="metrics:read metrics:manage")
    async with client_of(app, of_operator, audience="metrics") as client:
        yield client
