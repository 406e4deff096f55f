"""Snapshots over HTTP: what was reported stays what it was, and a restatement is seen beside it."""

from typing import Any

import httpx
import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from tests.metrics.happenings import MILLION, TODAY, hear, registered, reported

V1 = "/v1/metrics"


async def of_kind(store: MemoryStore, kind: Any, scopes: str) -> httpx.AsyncClient:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    return client_of(app, caller(kind, scopes=scopes), audience="metrics")


async def taken(operator: Any, period: str) -> Any:
    answer = await operator.post(f"{V1}/snapshots", json={"period": period})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def vintages(api: Any, kpi: str, **params: str) -> list[Any]:
    answer = await api.get(f"{V1}/kpis/{kpi}/vintages", params=params)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["data"]
    return found


async def test_what_was_reported_stays_what_it_was_and_a_restatement_is_seen(
    operator: Any, api: Any, store: MemoryStore
) -> None:
    await hear(store, [registered(1), reported(1, year="2025", sequence=2, revenue=3 * MILLION)])
    first = await taken(operator, "2025")
    await hear(store, [registered(2), reported(2, year="2025", sequence=2, revenue=2 * MILLION)])
    second = await taken(operator, "2025")
    told = await vintages(api, "revenue_reported", period="2025")
    assert [
        (each["snapshot_id"], each["snapshot_value"], each["current_value"], each["restated"]) for each in told
    ] == [
        (first["id"], 3 * MILLION, 5 * MILLION, True),
        (second["id"], 5 * MILLION, 5 * MILLION, False),
    ]
    assert first["digest"] != second["digest"]


async def test_a_snapshot_of_the_same_figures_has_the_same_digest(operator: Any, store: MemoryStore) -> None:
    await hear(store, [registered(1), reported(1, year="2025", sequence=2, revenue=3 * MILLION)])
    assert (await taken(operator, "2025"))["digest"] == (await taken(operator, "2025"))["digest"]


async def test_it_keeps_every_kpi_in_total_and_by_each_dimension_as_the_reads_show_them(
    operator: Any, api: Any, store: MemoryStore
) -> None:
    await hear(store, [registered(1), reported(1, year="2025", sequence=2, revenue=3 * MILLION)])
    snapshot = await taken(operator, "2025")
    path, cursor, kept = f"{V1}/snapshots/{snapshot['id']}/figures", None, []
    while True:
        page = (await api.get(path, params={"limit": 100} | ({"cursor": cursor} if cursor else {}))).json()
        kept += page["data"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(kept) == snapshot["count"]
    for kpi, by in (("valuation_total", "kind"), ("revenue_reported", "sector"), ("businesses_active", "size")):
        shown = (await api.get(f"{V1}/kpis/{kpi}/breakdown", params={"by": by, "period": "2025"})).json()
        cells = {each["dims"][by]: (each["value"], each["n"]) for each in shown["cells"]}
        of_it = [each for each in kept if each["kpi"] == kpi and list(each["dims"]) == [by]]
        assert {each["dims"][by]: (each["snapshot_value"], each["snapshot_n"]) for each in of_it} == cells
        assert [each["snapshot_value"] for each in kept if each["kpi"] == kpi and not each["dims"]] == [shown["value"]]
    assert not any(each["restated"] or each["redefined"] for each in kept)


@pytest.mark.parametrize("yore", [{"kpi": "a_figure_of_yore"}, {"dims_key": "dimension_of_yore=x"}])
async def test_of_what_is_in_the_catalogue_no_more_nothing_is_known_now(
    operator: Any, api: Any, store: MemoryStore, yore: Any
) -> None:
    snapshot = await taken(operator, "2025")
    frozen = store.collections["frozen_figures"]
    frozen[min(frozen)] |= yore
    shown = (await api.get(f"{V1}/snapshots/{snapshot['id']}/figures", params={"limit": 1})).json()["data"]
    assert [(each["current_value"], each["redefined"]) for each in shown] == [(None, True)]


async def test_figures_of_a_snapshot_are_found_by_their_kpi(operator: Any, api: Any) -> None:
    snapshot = await taken(operator, "2025-Q3")
    found = await api.get(f"{V1}/snapshots/{snapshot['id']}/figures", params={"kpi": "cloud_share"})
    assert {each["kpi"] for each in found.json()["data"]} == {"cloud_share"}


async def test_a_period_that_has_no_such_figure_keeps_none(operator: Any, api: Any) -> None:
    await taken(operator, "2025-07")
    refused = await api.get(f"{V1}/kpis/revenue_reported/vintages", params={"period": "2025-07"})
    assert refused.json()["errors"][0]["code"] == "granularity_not_allowed"


@pytest.mark.parametrize("period", ["2026", "2026-11", "2027"])
async def test_a_period_that_is_not_over_is_refused(operator: Any, period: str) -> None:
    answer = await operator.post(f"{V1}/snapshots", json={"period": period})
    assert answer.status_code == 422
    assert [(each["code"], each["pointer"]) for each in answer.json()["errors"]] == [("period_not_over", "/period")]


async def test_the_running_day_is_not_over_and_yesterday_is(operator: Any) -> None:
    today = TODAY.date()
    assert (await operator.post(f"{V1}/snapshots", json={"period": str(today)})).status_code == 422
    await taken(operator, str(today.replace(day=today.day - 1)))


async def test_partners_see_none_of_it(operator: Any, store: MemoryStore) -> None:
    snapshot = await taken(operator, "2025")
    async with await of_kind(store, "partner", "metrics:read") as partner:
        assert (await partner.get(f"{V1}/snapshots")).json()["data"] == []
        assert (await partner.get(f"{V1}/snapshots/{snapshot['id']}")).status_code == 404
        assert (await partner.get(f"{V1}/snapshots/{snapshot['id']}/figures")).status_code == 404
        assert await vintages(partner, "valuation_total", period="2025") == []
