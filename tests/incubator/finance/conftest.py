"""Two tenants, the partner of one, the zone's own book, and its staff."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.testing.callers import caller
from tests.incubator.conftest import As, Hear
from tests.incubator.registry_says import partner, registered


@pytest.fixture
async def api(api_as: As, hear: Hear) -> AsyncIterator[httpx.AsyncClient]:
    """The partner of the first tenant."""
    await hear(registered(1), registered(2, by=2))
    async with api_as(caller("partner", partner=partner(1), scopes="incubator:read incubator:write")) as api:
        yield api


@pytest.fixture
async def staff(api_as: As, hear: Hear, zone_book: None) -> AsyncIterator[httpx.AsyncClient]:
    await hear(registered(1), registered(2, by=2))
    scopes = "incubator:read incubator:write incubator:manage"
    async with api_as(caller("officer", partner=partner(99), scopes=scopes)) as api:
        yield api
