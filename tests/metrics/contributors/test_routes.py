"""What a figure is made of: pages that add up to it, and the events that make what each thing adds."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.moments import FixedClock
from services.metrics.figures.sums import nearest_rank
from services.metrics.main import service
from tests.metrics.happenings import (
    TODAY,
    business,
    hear,
    id_of,
    owned,
    registered,
    reported,
    resumed,
    suspended,
    told_by,
)
from tests.metrics.supplies import opened, rated
from tests.refusals import reason

V1 = "/v1/metrics/kpis"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WORTH = {"valuation": {"amount": 500, "currency": "CNY"}, "employees": 30}
ABROAD = {"valuation": {"amount": 7, "currency": "USD"}}


@pytest.fixture
async def heard(store: Any) -> None:
    """Seven businesses of two partners, one of them suspended now, one worth dollars; water of two months."""
    await hear(
        store,
        [
            owned(registered(1, on="2024-03-15", opening=WORTH), "par_1", TRACE),
            owned(suspended(1, on="2025-06-10", sequence=2), "par_1"),
            owned(resumed(1, on="2026-02-01", sequence=3), "par_1"),
            owned(registered(2, on="2025-11-20", sector="0111", entered="2015-01-01"), "par_1"),
            owned(reported(2, year="2024", sequence=2, revenue=70, valuation=200, employees=5), "par_1"),
            owned(reported(2, year="2025", sequence=3, revenue=90, valuation=300, employees=7), "par_1", TRACE),
            *(
                owned(registered(number, on="2026-01-10", kind="cloud", sector="6513", opening=WORTH), "par_2")
                for number in (3, 4, 5)
            ),
            owned(registered(6, on="2026-01-10", opening=WORTH), "par_2"),
            owned(suspended(6, on="2026-05-01", sequence=2), "par_2"),
            owned(registered(7, on="2026-01-10", opening=ABROAD), "par_2"),
            opened(1, "2026-06-03"),
            rated("2026-07-01", "2026-07-31", "10.345", point=1),
            rated("2026-08-01", "2026-08-31", "20.5", point=1, bill=2),
            rated("2026-07-10", "2026-07-31", "3.5", point=2, site=2, bill=3),
        ],
    )


async def pages(api: Any, kpi: str, **params: str) -> list[Any]:
    """All pages of contributors."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get(f"{V1}/{kpi}/contributors", params={**params, **cursor, "limit": "2"})
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        if (next_cursor := answer.json()["next_cursor"]) is None:
            return found
        cursor = {"cursor": next_cursor}


async def all_of(api: Any, kpi: str, **params: str) -> list[Any]:
    return [each for page in await pages(api, kpi, **params) for each in page["data"]]


async def value(api: Any, kpi: str, **params: str) -> Any:
    answer = await api.get(f"{V1}/{kpi}/value", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def together(contributors: list[Any], member: str) -> int | None:
    found = [each[member] for each in contributors if each[member] is not None]
    return sum(found) if found else None


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("kpi", "params"),
    [
        ("valuation_total", {}),
        ("valuation_total", {"kind": "cloud", "sector": "I"}),
        ("valuation_total", {"kind": "industrial", "as_of": "2025-12-31"}),
        ("valuation_total", {"as_of": "2025-06-09"}),
        ("businesses_active", {"size": "small"}),
        ("businesses_registered", {"period": "2026-Q1"}),
        ("businesses_registered", {"entry_year": "2012"}),
        ("revenue_reported", {}),
        ("revenue_reported", {"period": "2024"}),
        ("water_m3", {}),
        ("water_m3", {"period": "2026-07-14"}),
        ("water_m3", {"period": "2026-Q3", "site": id_of("sit", 2)}),
        ("tenant_days_supplied", {"period": "2026-10"}),
    ],
)
async def test_all_pages_together_are_the_value(api: Any, kpi: str, params: dict[str, str]) -> None:
    asked, found = await value(api, kpi, **params), await all_of(api, kpi, **params)
    assert found
    assert together(found, "value") == asked["value"]
    assert together(found, "n") == asked["n"]
    apart = Counter({money["currency"]: money["value"] for each in found for money in each["excluded"]})
    assert apart == {money["currency"]: money["value"] for money in asked["excluded"]}


@pytest.mark.usefixtures("heard")
async def test_of_a_ratio_both_sums_add_up(api: Any) -> None:
    asked, found = await value(api, "revenue_per_employee"), await all_of(api, "revenue_per_employee")
    assert [together(found, name) for name in ("numerator", "denominator")] == [90, 7]
    assert (asked["numerator"], asked["denominator"]) == (90, 7)


@pytest.mark.usefixtures("heard")
async def test_of_a_distribution_the_numbers_are_those_of_the_figure(api: Any) -> None:
    asked, found = await value(api, "suspension_days", period="2026"), await all_of(api, "suspension_days")
    occurring = sum((Counter(each["occurring"]) for each in found), Counter())
    assert occurring == {"236": 1}
    assert nearest_rank(occurring, [50]) == [asked["value"]]


@pytest.mark.usefixtures("heard")
async def test_a_page_says_what_it_explains(api: Any) -> None:
    (first, *_) = await pages(api, "valuation_total", kind="cloud")
    assert {name: first[name] for name in ("kpi", "dims", "unit", "decimals", "period", "as_of")} == {
        "kpi": "valuation_total",
        "dims": {"kind": "cloud"},
        "unit": "CNY",
        "decimals": 2,
        "period": None,
        "as_of": "2026-11-24",
    }
    assert first["data"][0] == {
        "id": business(3),
        "type": "business",
        "business_id": business(3),
        "value": 500,
        "n": 1,
        "excluded": [],
    }
    assert "computed_through" in first


@pytest.mark.usefixtures("heard")
async def test_what_counted_on_other_days_alone_is_passed_over(api: Any) -> None:
    ids = [each["id"] for each in await all_of(api, "businesses_active", kind="industrial")]
    assert ids == [business(1), business(2), business(7)]


# M1


async def test_m1_half_an_hour_into_a_day_of_the_zone_is_the_next_month_in_every_read(api: Any, store: Any) -> None:
    event = registered(1, on="2026-01-01")
    moment = datetime(2026, 1, 31, 16, 30, tzinfo=UTC)
    await hear(store, [told_by(business(1), event, effective_at=moment), registered(2, on="2026-03-31")])
    for period, n in (("2026-01", 0), ("2026-02", 1), ("2026-03", 1), ("2026-Q1", 2)):
        asked = {"period": period, "kind": "industrial"}
        series = await api.get(f"{V1}/businesses_registered/series?from={period}&to={period}&granularity=quarter")
        if period != "2026-Q1":
            series = await api.get(f"{V1}/businesses_registered/series?from={period}&to={period}&granularity=month")
        cells = (await api.get(f"{V1}/businesses_registered/breakdown?by=kind&period={period}")).json()["cells"]
        assert (await value(api, "businesses_registered", **asked))["n"] == n
        assert [point["n"] for point in series.json()["points"]] == [n]
        assert [cell["n"] for cell in cells if cell["dims"]["kind"] == "industrial"] == [n]
        assert len(await all_of(api, "businesses_registered", **asked)) == n
    for as_of, n in (("2026-01-31", 0), ("2026-02-01", 1), ("2026-03-30", 1), ("2026-03-31", 2)):
        assert (await value(api, "businesses_active", as_of=as_of))["n"] == n
        assert len(await all_of(api, "businesses_active", as_of=as_of)) == n


# why


async def facts_of(api: Any, kpi: str, id: str, **params: str) -> Any:
    answer = await api.get(f"{V1}/{kpi}/contributors/{id}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("heard")
async def test_a_contribution_is_explained_by_the_events_that_make_it(api: Any) -> None:
    answer = await facts_of(api, "valuation_total", business(2), kind="industrial")
    assert answer["contributor"]["value"] == 300
    assert [(fact["event_id"], fact["on"], fact["trace_id"]) for fact in answer["facts"]] == [
        (f"{business(2)}:0000000001", "2025-11-20", None),
        (f"{business(2)}:0000000003", "2025-12-31", TRACE),
    ]
    assert answer["facts"][-1]["set"]["valuation"] == {"amount": 300, "currency": "CNY"}


async def test_a_figure_leads_to_the_filing_that_states_it(api: Any, store: Any) -> None:
    event = reported(1, year="2024", sequence=2, valuation=810_000_000_000)
    filed = event.model_copy(update={"filing_id": id_of("fil", 7)}).delivered(event.envelope)
    await hear(store, [registered(1, on="2024-03-15"), filed])
    answer = await facts_of(api, "valuation_total", business(1))
    assert [fact["filing_id"] for fact in answer["facts"]] == [None, id_of("fil", 7)]


@pytest.mark.usefixtures("heard")
async def test_on_an_earlier_day_other_events_make_it(api: Any) -> None:
    answer = await facts_of(api, "valuation_total", business(2), as_of="2025-12-30")
    assert answer["contributor"]["value"] == 200
    assert {fact["event_id"][-1] for fact in answer["facts"]} == {"1", "2"}


@pytest.mark.usefixtures("heard")
async def test_what_ended_a_contribution_leaves_nothing_to_explain(api: Any) -> None:
    answer = await facts_of(api, "valuation_total", business(6))
    assert (answer["contributor"]["value"], answer["contributor"]["n"], answer["facts"]) == (None, 0, [])


@pytest.mark.usefixtures("heard")
async def test_a_thing_whose_id_has_two_parts_is_explained_too(api: Any) -> None:
    (first, *_) = await all_of(api, "water_m3", period="2026-07")
    answer = await facts_of(api, "water_m3", first["id"].replace("|", "%7C"), period="2026-07")
    assert answer["contributor"] == first
    assert first["value"] == 10_345


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("id", ["nobody", "biz_1", business(99), business(3)])
async def test_what_never_counted_in_the_cell_is_not_found(api: Any, id: str) -> None:
    answer = await api.get(f"{V1}/valuation_total/contributors/{id}?kind=industrial")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# what cannot be asked


@pytest.mark.parametrize("path", ["contributors", f"contributors/{business(1)}"])
async def test_what_follows_from_others_says_from_which(api: Any, path: str) -> None:
    answer = await api.get(f"{V1}/cloud_share/{path}")
    assert (answer.status_code, reason(answer)) == (422, "follows_from_others")
    assert answer.json()["allowed"] == ["businesses_active"]


async def test_a_period_to_come_has_no_contributors(api: Any) -> None:
    assert await all_of(api, "businesses_registered", period="2027") == []


@pytest.mark.parametrize(
    ("query", "code"),
    [("site=x", "unknown_parameter"), ("as_of=2027-01-01", "as_of_in_future"), ("period=2026-13", "period_invalid")],
)
async def test_other_questions_are_refused_as_those_for_the_value_are(api: Any, query: str, code: str) -> None:
    found = [await api.get(f"{V1}/businesses_active/{path}?{query}") for path in ("value", "contributors")]
    assert len({(each.status_code, reason(each)) for each in found}) == 1


# whose they are


@pytest.mark.usefixtures("heard")
async def test_a_partner_sees_its_own_contributors_and_no_other(store: Any) -> None:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    partner = caller("partner", partner="par_1", scopes="metrics:read")
    async with client_of(app, partner, audience="metrics") as api:
        assert [each["id"] for each in await all_of(api, "valuation_total")] == [business(1), business(2)]
        assert (await api.get(f"{V1}/valuation_total/contributors/{business(1)}")).status_code == 200
        assert (await api.get(f"{V1}/valuation_total/contributors/{business(3)}")).status_code == 404


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(("kind", "seen"), [("officer", 6), ("supervisor", 6), ("auditor", 6), ("operator", 0)])
async def test_officials_and_auditors_see_all_and_who_runs_the_zone_none(store: Any, kind: str, seen: int) -> None:
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller(kind, scopes="metrics:read"), audience="metrics") as api:
        assert len(await all_of(api, "valuation_total")) == seen


async def test_the_last_owner_counts_in_whatever_order_it_is_told(store: Any) -> None:
    moved = [owned(registered(1), "par_1"), owned(reported(1, year="2025", sequence=2, revenue=1), "par_2")]
    for events in (moved, moved[::-1]):
        await hear(store, events)
        assert [row["partner_id"] for row in store.rows("entities")] == ["par_2"]
