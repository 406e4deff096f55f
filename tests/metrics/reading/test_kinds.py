"""Ratios, distributions and derived figures over HTTP: values, series, breakdowns, and what cannot be asked of them."""

from typing import Any

import pytest

from services.chassis.domain.money import Money
from tests.metrics.happenings import hear, registered, reported, resumed, suspended
from tests.refusals import reason

V1 = "/v1/metrics/kpis"
RATIO, DIST, DERIVED = f"{V1}/revenue_per_employee", f"{V1}/suspension_days", f"{V1}/cloud_share"
NO_QUANTILES = {"p50": None, "p90": None, "p95": None}


@pytest.fixture
async def heard(store: Any) -> None:
    """Three businesses, one of them in the cloud: two report, two were suspended, one of these twice."""
    await hear(
        store,
        [
            registered(1, on="2024-03-15"),
            registered(2, on="2024-03-15", sector="0111"),
            registered(3, on="2025-01-10", kind="cloud", sector="6513"),
            reported(1, year="2024", sequence=2, revenue=1_000_00, employees=3),
            reported(2, year="2024", sequence=2, revenue=500_00, employees=4),
            reported(3, year="2025", sequence=2, revenue=700_00),
            suspended(1, on="2025-02-01", sequence=3),
            resumed(1, on="2025-03-03", sequence=4),
            suspended(1, on="2026-01-01", sequence=5),
            resumed(1, on="2026-01-11", sequence=6),
            suspended(3, on="2026-01-01", sequence=3),
            resumed(3, on="2026-04-11", sequence=4),
        ],
    )


async def get(api: Any, path: str, **params: str) -> Any:
    answer = await api.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


# a ratio


@pytest.mark.usefixtures("heard")
async def test_a_ratio_shows_its_value_with_both_sums(api: Any) -> None:
    answer = await get(api, f"{RATIO}/value")
    assert (answer["value"], answer["decimals"], answer["unit"]) == (214_2857, 4, "CNY")
    assert (answer["numerator"], answer["denominator"], answer["n"]) == (1_500_00, 7, 2)
    assert "quantiles" not in answer


@pytest.mark.usefixtures("heard")
async def test_a_ratio_leaves_out_who_is_suspended_and_who_stated_one_of_both(api: Any) -> None:
    answer = await get(api, f"{RATIO}/value", as_of="2025-02-15")
    assert (answer["value"], answer["numerator"], answer["denominator"]) == (125_0000, 500_00, 4)
    cloud = await get(api, f"{RATIO}/value", kind="cloud")
    assert (cloud["value"], cloud["numerator"], cloud["denominator"], cloud["n"]) == (None, 0, 0, 0)


@pytest.mark.usefixtures("heard")
async def test_a_series_of_a_ratio_carries_both_sums_forward(api: Any) -> None:
    answer = await get(api, f"{RATIO}/series", **{"from": "2024-12", "to": "2025-04", "granularity": "month"})
    assert [point["value"] for point in answer["points"]] == [214_2857, 214_2857, 125_0000, 214_2857, 214_2857]
    assert [point["denominator"] for point in answer["points"]] == [7, 7, 4, 7, 7]
    assert answer["value"] == 214_2857


@pytest.mark.usefixtures("heard")
async def test_of_a_ratio_broken_down_both_sums_add_up_and_the_values_do_not(api: Any) -> None:
    answer = await get(api, f"{RATIO}/breakdown", by="sector")
    found = {cell["dims"]["sector"]: cell for cell in answer["cells"] if cell["n"]}
    assert {sector: cell["value"] for sector, cell in found.items()} == {"A": 125_0000, "C": 333_3333}
    for sum_ in ("numerator", "denominator"):
        assert sum(cell[sum_] for cell in found.values()) == answer[sum_]


async def test_money_of_other_currencies_is_listed_apart_from_a_ratio(api: Any, store: Any) -> None:
    dollars = Money(amount=900, currency="USD")
    await hear(
        store, [registered(1, on="2024-03-15"), reported(1, year="2024", sequence=2, revenue=dollars, employees=3)]
    )
    answer = await get(api, f"{RATIO}/value")
    assert (answer["value"], answer["denominator"]) == (None, 0)
    assert answer["excluded"] == [{"currency": "USD", "value": 900, "n": 1}]


# a distribution


@pytest.mark.usefixtures("heard")
async def test_a_distribution_shows_its_median_and_its_quantiles(api: Any) -> None:
    answer = await get(api, f"{DIST}/value")
    assert (answer["value"], answer["n"], answer["unit"], answer["period"]) == (30, 3, "days", "all")
    assert answer["quantiles"] == {"p50": 30, "p90": 100, "p95": 100}
    assert "numerator" not in answer


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("period", "value", "n"),
    [("2025", 30, 1), ("2026", 10, 2), ("2026-04", 100, 1), ("2024", None, 0), ("2027", None, 0)],
)
async def test_a_distribution_is_of_what_was_over_in_its_period(api: Any, period: str, value: int, n: int) -> None:
    answer = await get(api, f"{DIST}/value", period=period)
    assert (answer["value"], answer["n"]) == (value, n)


@pytest.mark.usefixtures("heard")
async def test_a_distribution_of_nothing_is_null_in_every_quantile(api: Any) -> None:
    assert (await get(api, f"{DIST}/value", period="2024"))["quantiles"] == NO_QUANTILES


@pytest.mark.usefixtures("heard")
async def test_a_series_of_a_distribution_has_a_median_for_each_period_and_one_for_all(api: Any) -> None:
    answer = await get(api, f"{DIST}/series", **{"from": "2024", "to": "2026"})
    assert [(point["value"], point["n"]) for point in answer["points"]] == [(None, 0), (30, 1), (10, 2)]
    assert (answer["value"], answer["quantiles"]["p90"]) == (30, 100)


@pytest.mark.usefixtures("heard")
async def test_a_distribution_can_be_broken_down(api: Any) -> None:
    answer = await get(api, f"{DIST}/breakdown", by="kind")
    assert [(cell["dims"]["kind"], cell["value"], cell["n"]) for cell in answer["cells"]] == [
        ("industrial", 10, 2),
        ("cloud", 100, 1),
    ]


@pytest.mark.usefixtures("heard")
async def test_a_resumption_that_is_corrected_takes_its_length_out_of_the_distribution(api: Any, store: Any) -> None:
    await hear(store, [resumed(3, on="2026-01-06", sequence=5)])
    assert (await get(api, f"{DIST}/value"))["quantiles"] == {"p50": 10, "p90": 30, "p95": 30}


# a derived figure


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("as_of", "value", "n"),
    [("2024-03-14", None, 0), ("2024-12-31", 0, 2), ("2025-01-10", 3333, 3), ("2026-01-05", 0, 1)],
)
async def test_a_derived_figure_follows_from_others_of_the_same_day(api: Any, as_of: str, value: int, n: int) -> None:
    answer = await get(api, f"{DERIVED}/value", as_of=as_of)
    assert (answer["value"], answer["n"], answer["period"], answer["as_of"]) == (value, n, None, as_of)


@pytest.mark.usefixtures("heard")
async def test_a_series_of_a_derived_figure_follows_from_the_series_of_the_others(api: Any) -> None:
    answer = await get(api, f"{DERIVED}/series", **{"from": "2024", "to": "2027"})
    assert [point["value"] for point in answer["points"]] == [0, 3333, 3333, None]
    assert answer["value"] == 3333


async def test_a_derived_figure_is_known_by_what_all_of_its_inputs_are_kept_by(api: Any) -> None:
    definition = await get(api, DERIVED)
    assert (definition["kind"], definition["unit"], definition["decimals"]) == ("derived", "ratio", 4)
    assert (definition["dimensions"], definition["pairs"]) == (["sector"], [])


@pytest.mark.usefixtures("heard")
async def test_a_derived_figure_by_a_dimension_is_that_of_each_cell(api: Any) -> None:
    answer = await get(api, f"{DERIVED}/breakdown", by="sector")
    found = {cell["dims"]["sector"]: cell["value"] for cell in answer["cells"] if cell["n"]}
    assert found == {"A": 0, "C": 0, "I": 1_0000}
    assert (await get(api, f"{DERIVED}/value", sector="I"))["value"] == 1_0000


@pytest.mark.usefixtures("heard")
async def test_the_headline_shows_a_figure_without_the_dimension_in_total(api: Any) -> None:
    data = (await get(api, V1, by="kind"))["data"]
    assert [each["dims"] for each in data if each["kpi"] == "cloud_share"] == [{}]
    assert len([each for each in data if each["kpi"] == "revenue_per_employee"]) == 3


@pytest.mark.usefixtures("heard")
async def test_a_derived_figure_is_of_one_moment_whatever_is_heard_meanwhile(
    api: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    select = store.select

    async def select_then_hear(collection: str, *rest: Any) -> Any:
        found = await select(collection, *rest)
        if collection == "buckets":
            await hear(store, [registered(9, on="2026-02-01", kind="cloud")])
        return found

    monkeypatch.setattr(store, "select", select_then_hear)
    assert (await get(api, f"{DERIVED}/value"))["value"] == 3333


# what cannot be asked


@pytest.mark.parametrize(
    ("path", "params", "code", "allowed"),
    [
        (f"{RATIO}/value", {"agg": "sum"}, "not_additive", ["last"]),
        (f"{DIST}/value", {"agg": "sum"}, "not_additive", None),
        (f"{DIST}/value", {"agg": "last"}, "not_a_stock", None),
        (f"{DERIVED}/value", {"agg": "sum"}, "not_additive", ["last"]),
        (f"{DERIVED}/value", {"kind": "cloud"}, "dimension_not_declared", ["sector"]),
        (f"{DERIVED}/series", {"from": "2024", "size": "small"}, "dimension_not_declared", ["sector"]),
        (f"{DERIVED}/breakdown", {"by": "kind"}, "dimension_not_declared", ["sector"]),
    ],
)
async def test_what_a_kind_cannot_answer_is_a_422_that_says_what_could_be(
    api: Any, path: str, params: dict[str, str], code: str, allowed: list[str] | None
) -> None:
    answer = await api.get(path, params=params)
    assert (answer.status_code, reason(answer)) == (422, code)
    assert answer.json().get("allowed") == allowed


@pytest.mark.usefixtures("heard")
async def test_the_last_value_of_a_ratio_of_stocks_may_be_asked_for_by_that_name(api: Any) -> None:
    assert (await get(api, f"{RATIO}/value", agg="last"))["value"] == 214_2857


@pytest.mark.usefixtures("heard")
async def test_the_running_period_of_a_series_is_what_the_value_route_answers(api: Any) -> None:
    for kpi in (RATIO, DIST, DERIVED):
        for granularity, period in (("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")):
            series = await get(api, f"{kpi}/series", **{"from": period, "to": period, "granularity": granularity})
            value = await get(api, f"{kpi}/value", period=period)
            assert [point["value"] for point in series["points"]] == [value["value"]]
