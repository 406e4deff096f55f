"""A forecast is arithmetic on periods that are over, says that it is one, and is refused where there are too few."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.figures.rates import decimal, rounded
from services.metrics.trends.forecast import ForecastMethod, can_be_compounded, forecast, recent
from tests.metrics.happenings import hear, registered, reported

PATH = "/v1/metrics/kpis"
METHODS = st.sampled_from(ForecastMethod)
VALUES = st.lists(st.integers(-(10**13), 10**13), min_size=4, max_size=30)


def shown(values: list[int], ahead: int, method: str) -> list[tuple[int | None, int | None, int | None]]:
    found = forecast(values, ahead, ForecastMethod(method))
    return [(rounded(value), rounded(low), rounded(high)) for value, low, high in found.points]


@pytest.mark.parametrize(
    ("values", "method", "points"),
    [
        ([10, 20, 30, 40], "least_squares", [(50, 50, 50), (60, 60, 60)]),
        ([10, 20, 40, 80], "cagr", [(160, 160, 160), (320, 320, 320)]),
        ([1, 1, 1, 1], "cagr", [(1, 1, 1), (1, 1, 1)]),
        # mean 4.5, slope 1.2; residuals -0.7, 1.1, -0.1, -0.3: 1.8 / 2, root 0.94868, twice that is 1.897
        ([2, 5, 5, 6], "least_squares", [(8, 6, 9), (9, 7, 11)]),
    ],
)
def test_reference_forecasts_come_out_as_worked_by_hand(values: list[int], method: str, points: list[Any]) -> None:
    assert shown(values, 2, method) == points


def test_the_band_is_two_standard_errors_of_the_residuals() -> None:
    found = forecast([2, 5, 5, 6], 1, ForecastMethod.LEAST_SQUARES)
    assert str(found.residual_error).startswith("0.948683298")
    ((value, low, high),) = found.points
    assert value == Fraction(75, 10)
    assert decimal(high) - decimal(value) == decimal(value) - decimal(low) == 2 * found.residual_error.normalize()


@pytest.mark.parametrize("values", [[], [1], [1, 2, 3]])
def test_fewer_than_four_points_say_nothing(values: list[int]) -> None:
    with pytest.raises(ValueError, match="nothing follows"):
        forecast(values, 1, ForecastMethod.LEAST_SQUARES)


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 0), (-5, 5)])
def test_no_rate_leads_from_nought_or_through_it(first: int, last: int) -> None:
    assert not can_be_compounded([first, 1, 1, last])


def test_points_before_a_missing_one_are_left_out() -> None:
    assert recent([1, None, 2, 3]) == [2, 3]
    assert recent([1, None]) == []


@given(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6), st.integers(4, 30), st.integers(1, 30))
def test_what_lies_on_a_line_goes_on_along_it(begin: int, step: int, count: int, ahead: int) -> None:
    found = shown([begin + step * place for place in range(count)], ahead, "least_squares")
    assert found == [(begin + step * place,) * 3 for place in range(count, count + ahead)]


@given(st.integers(1, 10**6), st.integers(1, 3), st.integers(4, 8), st.integers(1, 6))
def test_what_grows_at_one_rate_goes_on_at_it(begin: int, factor: int, count: int, ahead: int) -> None:
    found = shown([begin * factor**place for place in range(count)], ahead, "cagr")
    assert found == [(begin * factor**place,) * 3 for place in range(count, count + ahead)]


@given(VALUES, st.integers(1, 10), METHODS)
def test_a_forecast_lies_within_its_band(values: list[int], ahead: int, method: ForecastMethod) -> None:
    if method is ForecastMethod.CAGR and not can_be_compounded(values):
        return
    found = forecast(values, ahead, method)
    assert len(found.points) == ahead
    assert found.residual_error >= 0
    assert all(decimal(low) <= decimal(value) + Decimal("1e-9") for value, low, _ in found.points)
    assert all(decimal(value) <= decimal(high) + Decimal("1e-9") for value, _, high in found.points)


@given(VALUES)
def test_the_line_of_least_squares_leaves_residuals_that_cancel_out(values: list[int]) -> None:
    mirrored = [*values, *reversed(values)]
    assert all(
        value == Fraction(sum(values), len(values))
        for value, _, _ in forecast(mirrored, 3, ForecastMethod.LEAST_SQUARES).points
    )


# over HTTP


@pytest.fixture
async def heard(store: Any) -> None:
    """A plant that earned 10, 20, 40 and 80 fen in 2022 to 2025, and has reported some of 2026."""
    earned = [("2022", 10), ("2023", 20), ("2024", 40), ("2025", 80)]
    reports = [reported(1, year=year, sequence=n, revenue=fen) for n, (year, fen) in enumerate(earned, start=2)]
    await hear(store, [registered(1, on="2015-06-01"), *reports])


async def asked(api: Any, kpi: str = "revenue_reported", **params: str) -> Any:
    return await api.get(f"{PATH}/{kpi}/forecast", params=params)


@pytest.mark.usefixtures("heard")
async def test_a_forecast_is_answered_whole_and_says_that_it_is_one(api: Any) -> None:
    answer = (await asked(api, method="cagr", ahead="2")).json()
    assert (answer["is_forecast"], answer["method"], answer["granularity"]) == (True, "cagr", "year")
    assert [(each["period"], each["value"], each["complete"]) for each in answer["points"]] == [
        ("2022", 10, True), ("2023", 20, True), ("2024", 40, True), ("2025", 80, True)
    ]  # fmt: skip
    assert answer["forecast"] == [
        {"period": "2026", "value": 160, "low": 160, "high": 160},
        {"period": "2027", "value": 320, "low": 320, "high": 320},
    ]
    assert answer["residual_error"] == 0


@pytest.mark.usefixtures("heard")
async def test_the_default_is_least_squares_over_the_last_periods_that_are_over(api: Any) -> None:
    answer = (await asked(api)).json()
    assert (answer["method"], [each["value"] for each in answer["forecast"]]) == ("least_squares", [95, 118, 141, 164])


@pytest.mark.usefixtures("heard")
async def test_months_and_days_go_on_from_the_running_one(api: Any) -> None:
    months = (await asked(api, "businesses_active", granularity="month", ahead="3")).json()
    assert [each["period"] for each in months["forecast"]] == ["2026-11", "2026-12", "2027-01"]
    days = (await asked(api, "businesses_active", granularity="day", ahead="8", last="4")).json()
    assert (days["points"][-1]["period"], days["forecast"][-1]["period"]) == ("2026-11-23", "2026-12-01")


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("kpi", "params", "codes"),
    [
        ("revenue_reported", {"last": "3"}, ["too_few_points"]),
        ("valuation_total", {}, ["too_few_points"]),
        ("revenue_reported", {"granularity": "month"}, ["granularity_not_allowed"]),
        ("revenue_reported", {"granularity": "month", "last": "1"}, ["granularity_not_allowed", "too_few_points"]),
        ("cloud_share", {"kind": "cloud"}, ["dimension_not_declared"]),
        ("businesses_active", {"method": "cagr", "last": "20"}, ["growth_undefined"]),
    ],
)
async def test_what_cannot_be_forecast_is_refused_by_name(api: Any, kpi: str, params: Any, codes: list[str]) -> None:
    refused = await asked(api, kpi, **params)
    assert refused.status_code == 422, refused.text
    assert [each["code"] for each in refused.json()["errors"]] == codes


async def test_a_forecast_of_no_kpi_is_404(api: Any) -> None:
    assert (await asked(api, "happiness")).status_code == 404
