"""The figures over HTTP: values, series, breakdowns, definitions, and every question that cannot be answered."""

from typing import Any

import pytest

from services.chassis.domain.money import Money
from services.chassis.store.writes import Put
from services.chassis.testing.callers import caller, client_of, settings
from services.metrics.catalogue.all import KPIS
from services.metrics.catalogue.businesses import BUSINESS
from services.metrics.main import service
from tests.metrics.happenings import business, hear, registered, reported, resumed, suspended
from tests.refusals import reason

V1 = "/v1/metrics"
MONTHLY = {"granularity": "month"}


@pytest.fixture
async def heard(store: Any) -> None:
    """Three businesses: one suspended for a while, one that reports twice, one in the cloud."""
    opening = {"valuation": {"amount": 500, "currency": "CNY"}, "employees": 30}
    await hear(
        store,
        [
            registered(1, on="2024-03-15", opening=opening),
            suspended(1, on="2025-06-10", sequence=2),
            resumed(1, on="2026-02-01", sequence=3),
            registered(2, on="2025-11-20", sector="0111", entered="2015-01-01"),
            reported(2, year="2024", sequence=2, revenue=70, valuation=200),
            reported(2, year="2025", sequence=3, revenue=90, valuation=300),
            registered(3, on="2026-11-24", kind="cloud", sector="6513", entered="2026-01-01"),
        ],
    )


async def get(api: Any, path: str, **params: str) -> Any:
    answer = await api.get(f"{V1}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(api: Any, path: str, **params: str) -> Any:
    answer = await api.get(f"{V1}{path}", params=params)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, reason(answer), answer.json()


def points(answer: Any) -> dict[str, int | None]:
    return {point["period"]: point["value"] for point in answer["points"]}


def cells(answer: Any, by: str) -> dict[str, int | None]:
    return {cell["dims"][by]: cell["value"] for cell in answer["cells"] if cell["n"]}


# one value


@pytest.mark.parametrize("as_of", ["0001-01-01", "0001-01-31", "0001-12-31"])
async def test_a_figure_may_be_asked_for_from_the_first_day_of_the_calendar_on(api: Any, as_of: str) -> None:
    assert (await get(api, "/kpis/businesses_active/value", as_of=as_of))["value"] == 0


@pytest.mark.usefixtures("heard")
async def test_an_answer_is_complete(api: Any, store: Any) -> None:
    row = {"_id": "zone.metrics|zone.registry.businesses|3", "next": 42, "cluster": "c"}
    unread = {"_id": "zone.metrics|zone.registry.businesses|4", "next": 0, "cluster": "c"}
    other_topic = {"_id": "zone.metrics|zone.registry.filings|3", "next": 7, "cluster": "c"}
    other_group = {"_id": "zone.metricsx|zone.registry.businesses|3", "next": 9, "cluster": "c"}
    await store.commit([Put("offsets", each) for each in (row, unread, other_topic, other_group)])
    assert await get(api, "/kpis/valuation_total/value", kind="industrial") == {
        "kpi": "valuation_total",
        "dims": {"kind": "industrial"},
        "value": 800,
        "unit": "CNY",
        "decimals": 2,
        "n": 2,
        "period": None,
        "as_of": "2026-11-24",
        "time_zone": "Asia/Shanghai",
        "computed_through": {"zone.registry.businesses": {"3": 41}, "zone.incubator.rounds": {}},
        "excluded": [],
        "definition_version": 1,
    }


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("as_of", "value"),
    [
        ("2024-03-14", 0),
        ("2024-03-15", 1),
        ("2025-06-09", 1),
        ("2025-06-10", 0),
        ("2025-11-20", 1),
        ("2025-12-31", 1),
        ("2026-01-31", 1),
        ("2026-02-01", 2),
        ("2026-11-23", 2),
        ("2026-11-24", 3),
    ],
)
async def test_a_stock_is_known_for_the_end_of_every_day(api: Any, as_of: str, value: int) -> None:
    answer = await get(api, "/kpis/businesses_active/value", as_of=as_of)
    assert (answer["value"], answer["n"], answer["as_of"]) == (value, value, as_of)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("period", "value", "as_of"),
    [
        ("2023", 0, "2023-12-31"),
        ("2025", 1, "2025-12-31"),
        ("2025-Q2", 0, "2025-06-30"),
        ("2026-02", 2, "2026-02-28"),
        ("2026", 3, "2026-11-24"),
        ("2027", None, "2026-11-24"),
    ],
)
async def test_a_stock_in_a_period_is_its_value_on_the_last_day_and_never_a_sum(
    api: Any, period: str, value: int | None, as_of: str
) -> None:
    answer = await get(api, "/kpis/businesses_active/value", period=period)
    assert (answer["value"], answer["period"], answer["as_of"]) == (value, period, as_of)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("2023", None),
        ("2024", 1),
        ("2024-02", None),
        ("2024-03-14", None),
        ("2024-03-15", 1),
        ("2024-03-16", 0),
        ("2025", 1),
        ("2025-Q4", 1),
        ("2026-10", 0),
        ("2026", 1),
        ("2027-01", None),
    ],
)
async def test_a_flow_is_null_before_its_first_event_and_after_today_and_nought_between(
    api: Any, period: str, value: int | None
) -> None:
    answer = await get(api, "/kpis/businesses_registered/value", period=period)
    assert (answer["value"], answer["n"], answer["period"]) == (value, value or 0, period)


@pytest.mark.usefixtures("heard")
async def test_a_flow_without_a_period_is_all_there_was(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_registered/value")
    assert (answer["value"], answer["period"], answer["as_of"]) == (3, "all", "2026-11-24")
    assert (await get(api, "/kpis/businesses_registered/value", as_of="2025-12-31"))["value"] == 2
    assert (await get(api, "/kpis/businesses_registered/value", as_of="2025-11-19", period="2025"))["value"] == 0


@pytest.mark.usefixtures("heard")
async def test_a_cell_in_which_nothing_happened_is_nought_where_others_were_counted(api: Any) -> None:
    assert (await get(api, "/kpis/businesses_registered/value", period="2024", kind="cloud"))["value"] == 0
    assert (await get(api, "/kpis/businesses_registered/value", period="2023", kind="cloud"))["value"] is None


@pytest.mark.usefixtures("heard")
async def test_money_that_nobody_stated_is_null_and_not_nought(api: Any) -> None:
    answer = await get(api, "/kpis/valuation_total/value", kind="cloud")
    assert (answer["value"], answer["n"]) == (None, 0)


@pytest.mark.usefixtures("heard")
async def test_revenue_of_a_year_counts_for_that_year_alone(api: Any) -> None:
    shown = {year: await get(api, "/kpis/revenue_reported/value", period=year) for year in ("2023", "2024", "2025")}
    assert {year: answer["value"] for year, answer in shown.items()} == {"2023": None, "2024": 70, "2025": 90}
    assert (await get(api, "/kpis/revenue_total/value"))["value"] == 90


@pytest.mark.usefixtures("heard")
async def test_a_pair_of_dimensions_that_was_declared_can_be_asked_for(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_active/value", sector="A", kind="industrial")
    assert (answer["value"], answer["dims"]) == (1, {"kind": "industrial", "sector": "A"})


async def test_money_of_other_currencies_is_listed_apart(api: Any, store: Any) -> None:
    dollars = {"amount": 300, "currency": "USD"}
    await hear(
        store,
        [
            registered(1, on="2024-03-15", opening={"valuation": dollars}),
            registered(2, on="2024-03-15", opening={"valuation": dollars}),
            registered(3, on="2024-03-15", opening={"valuation": {"amount": 5, "currency": "CNY"}}),
            reported(2, year="2025", sequence=2, valuation=Money(amount=7, currency="EUR")),
        ],
    )
    now = await get(api, "/kpis/valuation_total/value")
    assert (now["value"], now["n"]) == (5, 1)
    assert now["excluded"] == [
        {"currency": "EUR", "value": 7, "n": 1},
        {"currency": "USD", "value": 300, "n": 1},
    ]
    before = await get(api, "/kpis/valuation_total/value", as_of="2025-12-30")
    assert before["excluded"] == [{"currency": "USD", "value": 600, "n": 2}]
    assert (await get(api, "/kpis/valuation_total/value", as_of="2024-03-14"))["excluded"] == []


# series


@pytest.mark.usefixtures("heard")
async def test_a_series_of_a_stock_carries_its_value_forward_and_ends_today(api: Any) -> None:
    answer = await get(
        api, "/kpis/businesses_active/series", **{"from": "2025-05", "to": "2026-12", "granularity": "quarter"}
    )
    assert points(answer) == {
        "2025-Q2": 0,
        "2025-Q3": 0,
        "2025-Q4": 1,
        "2026-Q1": 2,
        "2026-Q2": 2,
        "2026-Q3": 2,
        "2026-Q4": 3,
    }
    assert (answer["value"], answer["as_of"], answer["period"]) == (3, "2026-11-24", "2025-04-01/2026-12-31")


@pytest.mark.usefixtures("heard")
async def test_a_series_by_day_shows_each_change_on_its_day(api: Any) -> None:
    answer = await get(
        api,
        "/kpis/valuation_total/series",
        **{"from": "2025-06-09", "to": "2025-06-11", "granularity": "day", "kind": "industrial"},
    )
    assert points(answer) == {"2025-06-09": 500, "2025-06-10": None, "2025-06-11": None}
    assert (answer["value"], answer["as_of"]) == (None, "2025-06-11")


@pytest.mark.usefixtures("heard")
async def test_what_is_to_come_is_null_in_a_series(api: Any) -> None:
    span = {"from": "2026-11-23", "to": "2026-11-26", "granularity": "day"}
    assert list(points(await get(api, "/kpis/businesses_active/series", **span)).values()) == [2, 3, None, None]
    assert list(points(await get(api, "/kpis/businesses_registered/series", **span)).values()) == [0, 1, None, None]
    tomorrow = {"from": "2026-11-25", "to": "2026-11-25", "granularity": "day"}
    answer = await get(api, "/kpis/businesses_active/series", **tomorrow)
    assert (answer["value"], answer["n"], points(answer)) == (None, 0, {"2026-11-25": None})


@pytest.mark.usefixtures("heard")
async def test_a_series_of_a_flow_is_null_until_its_first_event_and_nought_after_it(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_registered/series", **{"from": "2023-12", "to": "2024-05"} | MONTHLY)
    assert list(points(answer).values()) == [None, None, None, 1, 0, 0]
    assert answer["value"] == 1


@pytest.mark.usefixtures("heard")
async def test_a_cell_of_a_flow_is_nought_in_a_series_as_soon_as_any_cell_was_counted(api: Any) -> None:
    answer = await get(
        api, "/kpis/businesses_registered/series", **{"from": "2024-01", "to": "2024-04", "kind": "cloud"} | MONTHLY
    )
    assert list(points(answer).values()) == [None, None, 0, 0]


@pytest.mark.usefixtures("heard")
async def test_a_series_of_years_is_the_usual_one_and_ends_today(api: Any) -> None:
    answer = await get(api, "/kpis/revenue_reported/series", **{"from": "2023"})
    assert points(answer) == {"2023": None, "2024": 70, "2025": 90, "2026": None}
    assert (answer["value"], answer["n"]) == (160, 2)


@pytest.mark.usefixtures("heard")
async def test_the_running_period_of_a_series_is_what_the_value_route_answers(api: Any) -> None:
    for kpi in ("businesses_active", "businesses_registered", "valuation_total"):
        for granularity, period in (("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")):
            series = await get(api, f"/kpis/{kpi}/series", **{"from": period, "to": period, "granularity": granularity})
            value = await get(api, f"/kpis/{kpi}/value", period=period)
            assert points(series) == {period: value["value"]}


@pytest.mark.usefixtures("heard")
async def test_m2_a_point_says_whether_its_period_is_over(api: Any) -> None:
    params = {"from": "2026-10", "to": "2026-12", "granularity": "month"}
    answer = await get(api, "/kpis/businesses_active/series", **params)
    assert [(point["period"], point["complete"]) for point in answer["points"]] == [
        ("2026-10", True), ("2026-11", False), ("2026-12", False)
    ]  # fmt: skip


@pytest.mark.usefixtures("heard")
async def test_a_series_may_have_ten_thousand_points(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_active/series", **{"from": "1999-07-10", "granularity": "day"})
    assert len(answer["points"]) == 10_000
    assert answer["points"][-1] == {"period": "2026-11-24", "complete": False, "value": 3, "n": 3}


# breakdowns


@pytest.mark.usefixtures("heard")
async def test_a_breakdown_shows_every_value_of_a_closed_dimension(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_active/breakdown", by="kind")
    assert answer["cells"] == [
        {"dims": {"kind": "industrial"}, "value": 2, "n": 2},
        {"dims": {"kind": "cloud"}, "value": 1, "n": 1},
    ]
    assert answer["value"] == 3


@pytest.mark.usefixtures("heard")
async def test_a_value_that_is_not_known_here_is_in_the_total_and_in_a_cell_of_its_own(api: Any, store: Any) -> None:
    await hear(store, [registered(4, on="2026-11-24", kind="orbital")])
    answer = await get(api, "/kpis/businesses_active/breakdown", by="kind")
    assert [(cell["dims"]["kind"], cell["value"]) for cell in answer["cells"]] == [
        ("industrial", 2),
        ("cloud", 1),
        ("orbital", 1),
    ]
    assert answer["value"] == 4


@pytest.mark.usefixtures("heard")
async def test_a_breakdown_of_an_open_dimension_shows_the_values_that_there_are(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_active/breakdown", by="entry_year")
    assert cells(answer, "entry_year") == {"2012": 1, "2015": 1, "2026": 1}
    earlier = await get(api, "/kpis/businesses_active/breakdown", by="entry_year", as_of="2025-12-31")
    assert [cell["dims"] for cell in earlier["cells"] if cell["n"]] == [{"entry_year": "2015"}]


@pytest.mark.usefixtures("heard")
async def test_a_cell_can_be_broken_down_by_a_declared_pair(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_active/breakdown", by="sector", kind="industrial")
    assert cells(answer, "sector") == {"A": 1, "C": 1}
    assert len(answer["cells"]) == 20
    assert answer["dims"] == {"kind": "industrial"}
    assert answer["value"] == 2
    assert answer["cells"][0]["dims"] == {"kind": "industrial", "sector": "A"}


@pytest.mark.usefixtures("heard")
async def test_a_breakdown_of_a_flow_is_of_its_period(api: Any) -> None:
    answer = await get(api, "/kpis/businesses_registered/breakdown", by="kind", period="2026")
    assert [cell["value"] for cell in answer["cells"]] == [0, 1]
    before = await get(api, "/kpis/businesses_registered/breakdown", by="kind", period="2020")
    assert [cell["value"] for cell in before["cells"]] == [None, None]
    to_come = await get(api, "/kpis/businesses_active/breakdown", by="kind", period="2030")
    assert [cell["value"] for cell in to_come["cells"]] == [None, None]


# one moment


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("period", ["", "2026"])
@pytest.mark.parametrize("kpi", ["businesses_active", "businesses_registered"])
async def test_the_cells_add_up_to_the_value_whatever_is_heard_meanwhile(
    api: Any, store: Any, monkeypatch: pytest.MonkeyPatch, kpi: str, period: str
) -> None:
    hear_after_each_read(store, monkeypatch)
    answer = await get(api, f"/kpis/{kpi}/breakdown", by="kind", **{"period": period} if period else {})
    assert sum(cell["value"] for cell in answer["cells"]) == answer["value"]


@pytest.mark.usefixtures("heard")
async def test_a_series_shows_a_business_in_all_its_points_or_in_none(
    api: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    span = {"from": "2026-03", "to": "2026-05"} | MONTHLY
    before = points(await get(api, "/kpis/businesses_active/series", **span))
    hear_after_each_read(store, monkeypatch)
    assert points(await get(api, "/kpis/businesses_active/series", **span)) == before


async def test_a_series_of_a_flow_counts_a_cell_only_where_it_counts_the_zone(
    api: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear_after_each_read(store, monkeypatch)
    answer = await get(
        api,
        "/kpis/businesses_registered/series",
        **{"from": "2026-02", "to": "2026-05", "kind": "industrial"} | MONTHLY,
    )
    assert list(points(answer).values()) == [None, None, None, None]


def hear_after_each_read(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each read of buckets another business is heard of: it was suspended at once, and resumed in April."""
    select, numbers = store.select, iter(range(10, 99))

    async def select_then_hear(collection: str, *rest: Any) -> Any:
        found = await select(collection, *rest)
        if collection == "buckets":
            number = next(numbers)
            await hear(
                store,
                [
                    registered(number, on="2026-02-01"),
                    suspended(number, on="2026-03-10", sequence=2),
                    resumed(number, on="2026-04-10", sequence=3),
                ],
            )
        return found

    monkeypatch.setattr(store, "select", select_then_hear)


# headline and definitions


async def test_an_empty_zone_has_no_business_and_no_figure(api: Any) -> None:
    answer = await get(api, "/kpis")
    of_businesses = [*(kpi.id for kpi in BUSINESS.kpis), "cloud_share"]
    assert {each["kpi"]: each["value"] for each in answer["data"] if each["kpi"] in of_businesses} == {
        "businesses_active": 0,
        "businesses_registered": None,
        "valuation_total": None,
        "revenue_total": None,
        "revenue_reported": None,
        "revenue_per_employee": None,
        "suspension_days": None,
        "businesses_deregistered": None,
        "cloud_share": None,
    }
    assert answer["next_cursor"] is None
    assert answer["computed_through"] == {event.topic.name: {} for kpi in KPIS.values() for event in kpi.events}


@pytest.mark.usefixtures("heard")
async def test_the_headline_agrees_with_the_value_route(api: Any) -> None:
    headline = await get(api, "/kpis", by="sector")
    for figure in headline["data"]:
        answer = await get(api, f"/kpis/{figure['kpi']}/value", **figure["dims"])
        assert answer.pop("computed_through").items() <= headline["computed_through"].items()
        assert answer == figure


@pytest.mark.usefixtures("heard")
async def test_the_headline_says_once_how_far_it_was_computed(api: Any) -> None:
    headline = await get(api, "/kpis", by="kind")
    assert headline.keys() == {"data", "next_cursor", "computed_through", "definitions"}
    assert not any("computed_through" in figure for figure in headline["data"])


@pytest.mark.usefixtures("heard")
async def test_the_headline_can_be_of_an_earlier_day(api: Any) -> None:
    answer = await get(api, "/kpis", as_of="2024-12-31")
    assert [each["value"] for each in answer["data"]][:8] == [1, 1, 500, None, 70, None, None, None]


async def test_a_kpi_says_what_it_means(api: Any) -> None:
    assert await get(api, "/kpis/revenue_reported") == {
        "id": "revenue_reported",
        "names": {"en": "Revenue reported by year", "zh": "年度申报营业收入"},
        "owner": "registration",
        "kind": "flow",
        "unit": "CNY",
        "decimals": 2,
        "formula": KPIS["revenue_reported"].formula,
        "fold": "sum of revenue over the days on which it was said",
        "entity": "business",
        "dimensions": ["kind", "sector", "size", "entry_year"],
        "pairs": [["kind", "sector"]],
        "granularities": ["year"],
        "events": ["zone.registry.business.registered.v1", "zone.registry.annual_report.filed.v1"],
        "definition_version": 1,
    }


async def test_the_headline_says_of_each_figure_what_it_means(api: Any) -> None:
    headline = await get(api, "/kpis", by="kind")
    assert [each["id"] for each in headline["definitions"]] == list(KPIS)
    assert headline["definitions"] == [await get(api, f"/kpis/{kpi}") for kpi in KPIS]


@pytest.mark.parametrize(
    ("kpi", "fold"),
    [
        ("valuation_total", "sum of the last valuation of each, while it is counted"),
        ("revenue_per_employee", "sum of revenue / sum of employees, as last said, while it is counted"),
        ("suspension_days", "histogram of days_in(status = suspended, until active)"),
        ("cloud_share", "share of businesses_active(kind=cloud), businesses_active"),
    ],
)
async def test_a_kpi_says_what_is_done_with_facts_to_come_to_it(api: Any, kpi: str, fold: str) -> None:
    assert (await get(api, f"/kpis/{kpi}"))["fold"] == fold


# has my write arrived


async def test_an_event_is_applied_once_the_inbox_has_reached_it(api: Any, store: Any) -> None:
    subject = business(1)
    await store.commit([Put("inbox", {"_id": f"zone.metrics|{subject}", "sequence": 2, "parked": 0, "hash": ""})])
    states = [
        (await get(api, "/projection/status", event_id=f"{subject}:{number:010d}"))["status"] for number in (1, 2, 3)
    ]
    assert states == ["applied", "applied", "not_yet"]


async def test_an_event_of_whom_nobody_has_heard_is_not_yet_applied(api: Any) -> None:
    event_id = f"{business(9)}:0000000001"
    answer = await get(api, "/projection/status", event_id=event_id)
    assert answer == {"event_id": event_id, "status": "not_yet", "parked": 0}


async def test_a_parked_event_is_shown_with_its_reason_and_how_many_wait(api: Any, store: Any) -> None:
    subject = business(1)
    event_id = f"{subject}:0000000002"
    await store.commit(
        [
            Put("inbox", {"_id": f"zone.metrics|{subject}", "sequence": 1, "parked": 3, "hash": ""}),
            Put("parked", {"_id": f"zone.metrics|{event_id}", "reason": "poison", "record": {}}),
        ]
    )
    answer = await get(api, "/projection/status", event_id=event_id)
    assert answer == {"event_id": event_id, "status": "parked", "reason": "poison", "parked": 3}


@pytest.mark.parametrize(
    "event_id",
    [
        "",
        "x",
        business(1),
        f"{business(1)}:1",
        f"{business(1)}:0000000000",
        f"{business(1)}:00000000001",
        f"{business(1)}:000000000١",
        f"{business(1)}:0000000001\n",
        f"BIZ_{1:032x}:0000000001",
        "biz_1:0000000001",
    ],
)
async def test_an_event_id_that_is_none_is_a_422(api: Any, event_id: str) -> None:
    status, code, problem = await refused(api, "/projection/status", event_id=event_id)
    assert (status, code, problem["errors"][0]["parameter"]) == (422, "event_id_invalid", "event_id")


@pytest.mark.parametrize("noun", ["cli", "key", "par"])
async def test_an_event_from_which_no_figure_follows_is_a_422_instead_of_not_yet_for_ever(api: Any, noun: str) -> None:
    event_id = f"{noun}_{1:032x}:0000000001"
    status, code, problem = await refused(api, "/projection/status", event_id=event_id)
    assert (status, code, problem["errors"][0]["parameter"]) == (422, "event_not_heard", "event_id")


# questions that cannot be answered


@pytest.mark.parametrize("path", ["", "/value", "/series?from=2024", "/breakdown?by=kind"])
async def test_a_kpi_that_does_not_exist_is_a_404(api: Any, path: str) -> None:
    answer = await api.get(f"{V1}/kpis/happiness{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "params", "code", "places"),
    [
        ("/kpis", {"by": "colour"}, "dimension_not_declared", {"by"}),
        ("/kpis", {"by": ""}, "dimension_not_declared", {"by"}),
        ("/kpis", {"as_of": "2026-11-25"}, "as_of_in_future", {"as_of"}),
        ("/kpis", {"as_of": "2026-11-25", "by": "colour"}, "validation_failed", {"as_of", "by"}),
        ("/kpis/businesses_active/value", {"as_of": "2026-11-25"}, "as_of_in_future", {"as_of"}),
        ("/kpis/businesses_active/value", {"as_of": "24.11.2026"}, "date_invalid", {"as_of"}),
        ("/kpis/businesses_active/value", {"as_of": "2026-02-29"}, "date_invalid", {"as_of"}),
        ("/kpis/businesses_active/value", {"as_of": "1764000000"}, "date_invalid", {"as_of"}),
        ("/kpis/businesses_active/value", {"period": "last year"}, "period_invalid", {"period"}),
        ("/kpis/businesses_active/value", {"agg": "sum"}, "not_additive", {"agg"}),
        ("/kpis/businesses_registered/value", {"agg": "last"}, "not_a_stock", {"agg"}),
        ("/kpis/businesses_active/value", {"agg": "average"}, "validation_failed", {"agg"}),
        ("/kpis/revenue_reported/value", {"period": "2017-01"}, "granularity_not_allowed", {"period"}),
        ("/kpis/businesses_active/value", {"kind": "heavy"}, "validation_failed", {"kind"}),
        ("/kpis/businesses_active/value", {"kind": ""}, "validation_failed", {"kind"}),
        ("/kpis/businesses_active/value", {"sector": "Z"}, "validation_failed", {"sector"}),
        ("/kpis/businesses_active/value", {"size": "huge"}, "validation_failed", {"size"}),
        ("/kpis/businesses_active/value", {"entry_year": "12"}, "year_invalid", {"entry_year"}),
        ("/kpis/businesses_active/value", {"entry_year": ""}, "year_invalid", {"entry_year"}),
        (
            "/kpis/businesses_active/value",
            {"size": "small", "sector": "C"},
            "dimension_not_declared",
            {"size", "sector"},
        ),
        ("/kpis/businesses_active/breakdown", {"by": "colour"}, "dimension_not_declared", {"by"}),
        ("/kpis/businesses_active/breakdown", {"by": "size", "kind": "cloud"}, "dimension_not_declared", {"by"}),
        ("/kpis/businesses_active/breakdown", {"by": ""}, "dimension_not_declared", {"by"}),
        ("/kpis/businesses_active/breakdown", {"by": "kind", "kind": "cloud"}, "ambiguous", {"by"}),
        ("/kpis/businesses_active/breakdown", {"by": "sector", "kind": "cloud", "sector": "C"}, "ambiguous", {"by"}),
        (
            "/kpis/businesses_active/breakdown",
            {"by": "site", "utility": "water"},
            "dimension_not_declared",
            {"utility", "by"},
        ),
        ("/kpis/businesses_active/breakdown", {"by": "topic", "kind": "cloud"}, "dimension_not_declared", {"by"}),
        ("/kpis/businesses_active/value", {"kind": "cloud", "utility": "water"}, "dimension_not_declared", {"utility"}),
        (
            "/kpis/businesses_active/breakdown",
            {"by": "kind", "kind": "cloud", "utility": "water"},
            "validation_failed",
            {"utility", "by"},
        ),
        ("/kpis/businesses_active/breakdown", {}, "validation_failed", {"by"}),
        ("/kpis/businesses_active/series", {}, "validation_failed", {"from"}),
        ("/kpis/businesses_active/series", {"from": "2026-02", "to": "2026-01"}, "period_order", {"from"}),
        ("/kpis/businesses_active/series", {"from": "2027"}, "period_order", {"from"}),
        ("/kpis/businesses_active/series", {"from": "now"}, "period_invalid", {"from"}),
        (
            "/kpis/businesses_active/series",
            {"from": "2026", "granularity": "week"},
            "validation_failed",
            {"granularity"},
        ),
        (
            "/kpis/businesses_active/series",
            {"from": "1999-07-09", "granularity": "day"},
            "too_many_points",
            {"granularity"},
        ),
        (
            "/kpis/businesses_active/series",
            {"from": "0001", "to": "9998", "granularity": "month"},
            "too_many_points",
            {"granularity"},
        ),
        ("/kpis/revenue_reported/series", {"from": "2024"} | MONTHLY, "granularity_not_allowed", {"granularity"}),
        (
            "/kpis/revenue_reported/series",
            {"from": "2025", "to": "2024", "size": "small", "kind": "cloud"} | MONTHLY,
            "validation_failed",
            {"granularity", "from", "size", "kind"},
        ),
    ],
)
async def test_a_question_that_makes_no_sense_is_a_422_that_names_every_fault(
    api: Any, path: str, params: dict[str, str], code: str, places: set[str]
) -> None:
    status, found, problem = await refused(api, path, **params)
    assert (status, found) == (422, code)
    assert {error["parameter"] for error in problem["errors"]} == places


async def test_a_dimension_that_was_not_declared_is_refused_with_those_that_were(api: Any) -> None:
    _, _, problem = await refused(api, "/kpis/businesses_active/breakdown", by="colour")
    assert problem["allowed"] == ["kind", "sector", "size", "entry_year", "kind&sector"]
    _, _, problem = await refused(api, "/kpis", by="colour")
    assert problem["allowed"][:4] == ["kind", "sector", "size", "entry_year"]


async def test_a_granularity_that_is_not_allowed_is_refused_with_those_that_are(api: Any) -> None:
    _, _, problem = await refused(api, "/kpis/revenue_reported/series", **{"from": "2024"} | MONTHLY)
    assert problem["allowed"] == ["year"]


@pytest.mark.parametrize(
    "query", ["colour=red", "kind=cloud&kind=industrial", "as_of=2026-01-01&as_of=2026-01-02", "kind[$gt]=x"]
)
async def test_a_parameter_that_is_unknown_or_stands_twice_is_a_400(api: Any, query: str) -> None:
    assert (await api.get(f"{V1}/kpis/businesses_active/value?{query}")).status_code == 400


@pytest.mark.parametrize("path", ["/kpis", "/kpis/businesses_active", "/kpis/businesses_active/value"])
async def test_only_who_may_read_figures_reads_them(store: Any, path: str) -> None:
    app = service.routes_on(store, settings())
    async with client_of(app, caller("partner", scopes="incubator:read"), audience="metrics") as api:
        answer = await api.get(f"{V1}{path}")
    assert (answer.status_code, answer.json()["scopes"]) == (403, ["metrics:read"])


def test_every_route_names_its_scope_for_the_gateway() -> None:
    document = service.openapi()
    named = {
        scope
        for name, path in document["paths"].items()
        if not name.startswith(f"{V1}/rebuilds")  # nobody but who runs the zone has anything of them
        for method, operation in path.items()
        if name != f"{V1}/exports"  # a file of what its maker may read
        for scope in operation["security"][0]["zone"]
        if (scope == "metrics:manage") == (method == "get") or len(operation["security"][0]["zone"]) != 1
    }
    assert named == set(), "reads need metrics:read, and what changes anything metrics:manage"


# who has it already


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/kpis", {}),
        ("/kpis/businesses_active/value", {}),
        ("/kpis/businesses_active/series", {"from": "2024"}),
        ("/kpis/businesses_active/breakdown", {"by": "kind"}),
    ],
)
async def test_who_has_the_figures_is_sent_them_again_only_when_an_event_is_in_them_that_was_not(
    api: Any, store: Any, path: str, params: dict[str, str]
) -> None:
    first = await api.get(V1 + path, params=params)
    having = {"If-None-Match": first.headers["etag"]}
    assert first.headers["cache-control"] == "private, no-cache"
    assert (await api.get(V1 + path, params=params, headers=having)).status_code == 304
    await hear(store, [suspended(3, on="2026-11-24", sequence=2)])
    again = await api.get(V1 + path, params=params, headers=having)
    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]


@pytest.mark.usefixtures("heard")
async def test_the_tag_is_of_the_question(api: Any) -> None:
    tags = [
        (await api.get(f"{V1}/kpis/businesses_active/value", params=params)).headers["etag"]
        for params in ({}, {"kind": "cloud"}, {"as_of": "2026-01-01"})
    ]
    assert len(set(tags)) == 3
