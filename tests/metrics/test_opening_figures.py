"""The zone's own first numbers: 22 industrial businesses worth 8.1 bn yuan with 3.5 bn yuan revenue, 429 cloud ones."""

from typing import Any

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.metrics.main import service
from tests.metrics.happenings import MILLION, hear, registered

VALUATION, REVENUE = 8_100 * MILLION, 3_500 * MILLION


def shares(total: int, count: int) -> list[int]:
    """Unequal parts that add up exactly."""
    parts = [total // count + (number - count // 2) * MILLION for number in range(count)]
    return [*parts[:-1], total - sum(parts[:-1])]


def opening_of(valuation: int, revenue: int, employees: int) -> dict[str, Any]:
    return {
        "valuation": {"amount": valuation, "currency": "CNY"},
        "revenue": {"amount": revenue, "currency": "CNY"},
        "revenue_period": "2017",
        "employees": employees,
    }


@pytest.fixture
async def store() -> MemoryStore:
    """All 451, registered on one day."""
    store = MemoryStore.of(service)
    figures = zip(shares(VALUATION, 22), shares(REVENUE, 22), strict=True)
    plants = [
        registered(number, on="2026-11-24", opening=opening_of(valuation, revenue, 40 * number))
        for number, (valuation, revenue) in enumerate(figures, start=1)
    ]
    shops = [
        registered(number, on="2026-11-24", kind="cloud", sector="5292", opening={"employees": 3})
        for number in range(23, 23 + 429)
    ]
    await hear(store, plants + shops)
    return store


async def headline(api: Any) -> dict[tuple[str, str], tuple[int | None, int]]:
    """(KPI, kind) → value and how many contribute, in the order of the answer."""
    answers = (await api.get("/v1/metrics/kpis?by=kind")).json()["data"]
    return {(answer["kpi"], answer["dims"].get("kind", "total")): (answer["value"], answer["n"]) for answer in answers}


async def test_the_headline_begins_with_exactly_the_published_figures(api: Any) -> None:
    shown = await headline(api)
    assert dict(list(shown.items())[:15]) == {
        ("businesses_active", "total"): (451, 451),
        ("businesses_active", "industrial"): (22, 22),
        ("businesses_active", "cloud"): (429, 429),
        ("businesses_registered", "total"): (451, 451),
        ("businesses_registered", "industrial"): (22, 22),
        ("businesses_registered", "cloud"): (429, 429),
        ("valuation_total", "total"): (810_000_000_000, 22),
        ("valuation_total", "industrial"): (810_000_000_000, 22),
        ("valuation_total", "cloud"): (None, 0),
        ("revenue_total", "total"): (350_000_000_000, 22),
        ("revenue_total", "industrial"): (350_000_000_000, 22),
        ("revenue_total", "cloud"): (None, 0),
        ("revenue_reported", "total"): (350_000_000_000, 22),
        ("revenue_reported", "industrial"): (350_000_000_000, 22),
        ("revenue_reported", "cloud"): (None, 0),
    }


async def test_the_headline_goes_on_with_what_can_be_said_beside_them(api: Any) -> None:
    shown = await headline(api)
    assert dict(list(shown.items())[15:24]) == {
        ("revenue_per_employee", "total"): (345_849_8024, 22),
        ("revenue_per_employee", "industrial"): (345_849_8024, 22),
        ("revenue_per_employee", "cloud"): (None, 0),
        ("suspension_days", "total"): (None, 0),
        ("suspension_days", "industrial"): (None, 0),
        ("suspension_days", "cloud"): (None, 0),
        ("businesses_deregistered", "total"): (None, 0),
        ("businesses_deregistered", "industrial"): (None, 0),
        ("businesses_deregistered", "cloud"): (None, 0),
    }
    assert shown["cloud_share", "total"] == (9512, 451)


async def test_the_opening_revenue_is_reported_for_its_year(api: Any) -> None:
    answer = (await api.get("/v1/metrics/kpis/revenue_reported/value?period=2017&kind=industrial")).json()
    assert (answer["value"], answer["n"], answer["period"]) == (350_000_000_000, 22, "2017")


async def test_the_day_before_the_opening_nothing_was_there(api: Any) -> None:
    valuation = (await api.get("/v1/metrics/kpis/valuation_total/value?as_of=2026-11-23")).json()
    active = (await api.get("/v1/metrics/kpis/businesses_active/value?as_of=2026-11-23")).json()
    assert (valuation["value"], active["value"]) == (None, 0)


async def test_every_breakdown_adds_up_to_the_total(api: Any) -> None:
    for by in ("kind", "sector", "size", "entry_year"):
        answer = (await api.get(f"/v1/metrics/kpis/valuation_total/breakdown?by={by}")).json()
        assert sum(cell["value"] or 0 for cell in answer["cells"]) == answer["value"] == 810_000_000_000
