"""Pictures of figures over HTTP: the series, its targets with their status, and the same as a table."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.catalogue.all import KPIS
from services.metrics.main import service
from tests.metrics.happenings import MILLION, TODAY, hear, registered, reported
from tests.refusals import reason

KPI = "/v1/metrics/kpis/valuation_total"
INDUSTRIAL = {"kind": "industrial"}


@pytest.fixture
async def heard(store: MemoryStore) -> None:
    opening = {"valuation": {"amount": 8_100 * MILLION, "currency": "CNY"}}
    stated = reported(1, year="2022", sequence=2, revenue=1, valuation=9_000 * MILLION)
    await hear(store, [registered(1, on="2018-04-30", opening=opening), stated])


@pytest.fixture
async def targets(store: MemoryStore, heard: None) -> AsyncIterator[None]:
    """The published target of the industrial businesses, one that runs, and one of all businesses."""
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    manager = caller("operator", scopes="metrics:read metrics:manage")
    async with client_of(app, manager, audience="metrics") as operator:
        for dims, due_on in ((INDUSTRIAL, "2023-04-30"), (INDUSTRIAL, "2031-11-24"), ({}, "2030-01-01")):
            body = {
                "kpi": "valuation_total",
                "dims": dims,
                "baseline": {"value": 810_000_000_000, "on": "2018-04-30"},
                "goal": {"growth_pct": 300},
                "due_on": due_on,
            }
            answer = await operator.post("/v1/metrics/targets", json=body)
            assert answer.status_code == 201, answer.text
        yield


async def drawn(api: httpx.AsyncClient, path: str = "/chart.svg", **params: Any) -> str:
    answer = await api.get(f"{KPI}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.usefixtures("targets")
async def test_a_chart_shows_the_targets_of_its_cell_with_their_status(api: Any) -> None:
    picture = await drawn(api, **INDUSTRIAL)
    assert "Target 32.4 bn by 2023-04-30: missed" in picture
    assert "Target 32.4 bn by 2031-11-24" in picture
    assert "2030-01-01" not in picture
    assert "2018 8.1 bn" in picture


@pytest.mark.usefixtures("targets")
async def test_a_target_that_was_due_before_the_first_day_is_left_out(api: Any) -> None:
    assert "2023-04-30" not in await drawn(api, **INDUSTRIAL, **{"from": "2024"})


@pytest.mark.usefixtures("targets")
async def test_the_table_says_what_the_picture_shows(api: Any) -> None:
    page = await drawn(api, "/chart.html", **INDUSTRIAL, **{"from": "2018", "to": "2019"})
    assert "<td>2018</td>" in page
    assert '<td class="number">8100000000.00</td>' in page
    assert "Expected, target 1" in page


@pytest.mark.usefixtures("heard")
async def test_a_picture_runs_nothing_and_loads_nothing(api: Any) -> None:
    answer = await api.get(f"{KPI}/chart.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert not any(each in answer.text for each in ("<script", "href", "url("))


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("kpi", sorted(KPIS))
async def test_every_kpi_can_be_drawn(api: Any, kpi: str) -> None:
    for granularity in KPIS[kpi].granularities[-2:]:
        answer = await api.get(f"/v1/metrics/kpis/{kpi}/chart.svg", params={"granularity": granularity})
        assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("heard")
async def test_a_chart_of_days_to_come_is_empty(api: Any) -> None:
    assert "no values" in await drawn(api, **{"from": "2030", "to": "2031"})


@pytest.mark.parametrize("form", ["chart.svg", "chart.html"])
@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"colour": "red"}, "unknown_parameter"),
        ({"from": "2020", "to": "2019"}, "period_order"),
        ({"from": "0001", "granularity": "day"}, "too_many_points"),
        ({"site": "sit_" + 32 * "0"}, "dimension_not_declared"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(api: Any, form: str, params: dict[str, str], code: str) -> None:
    answer = await api.get(f"{KPI}/{form}", params=params)
    assert (answer.status_code, reason(answer)) in {(422, code), (400, code)}


@pytest.mark.parametrize("width", ["359", "1601"])
async def test_a_picture_is_as_wide_as_a_screen(api: Any, width: str) -> None:
    assert (await api.get(f"{KPI}/chart.svg", params={"width": width})).status_code == 422
