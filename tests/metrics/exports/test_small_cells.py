"""Small cells (D-7): no picture, gauge or scorecard tells a partner what one plant is worth."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from tests.metrics.happenings import MILLION, TODAY, hear, registered

WORTH = 777 * MILLION
PATHS = [
    "kpis/valuation_total/chart.svg",
    "kpis/valuation_total/chart.svg?kind=industrial&from=2024&granularity=month",
    "kpis/valuation_total/chart.html",
    "kpis/openmetrics",
    "kpis/openmetrics?by=kind",
    "kpis/openmetrics?by=entry_year",
    "scorecards/mofcom-groups",
    "scorecards/mofcom-groups.html",
]


@pytest.fixture
async def partner(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    """A partner of a zone in which one plant has stated its worth."""
    await hear(store, [registered(1, on="2024-03-15", opening={"valuation": {"amount": WORTH, "currency": "CNY"}})])
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("partner", scopes="metrics:read"), audience="metrics") as found:
        yield found


@pytest.mark.parametrize("path", PATHS)
async def test_a_partner_is_not_told_what_one_plant_is_worth(partner: httpx.AsyncClient, path: str) -> None:
    answer = await partner.get(f"/v1/metrics/{path}")
    assert answer.status_code == 200, answer.text
    assert "777" not in answer.text
    assert "7.77e+10" not in answer.text


@pytest.mark.parametrize("path", [path for path in PATHS if "entry_year" not in path and "month" not in path])
async def test_an_auditor_is(partner: httpx.AsyncClient, api: httpx.AsyncClient, path: str) -> None:
    text = (await api.get(f"/v1/metrics/{path}")).text
    assert "777" in text or "7.77e+10" in text
