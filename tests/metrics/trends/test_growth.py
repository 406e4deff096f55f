"""M2: like is compared with like, by the calendar."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.figures.anniversaries import months_on, years_between
from services.metrics.figures.periods import Period
from services.metrics.figures.rates import DIGITS, settled
from services.metrics.trends.growth import growth, growth_a_year, last_compared, period_before, year_before, years_from
from tests.metrics.happenings import hear, registered, reported

CALENDAR = st.dates(date(2, 1, 1), date(9998, 12, 31))


def name_of(period: Period | None) -> str | None:
    return period.name if period else None


@pytest.mark.parametrize(
    ("period", "before", "a_year_before"),
    [
        ("2026-07", "2026-06", "2025-07"),
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2024-03-01", "2024-02-29", "2023-03-01"),
        ("2025-03-31", "2025-03-30", "2024-03-31"),
        ("0001", None, None),
        ("0001-01-01", None, None),
        ("0001-Q2", "0001-Q1", None),
    ],
)
def test_m2_before_july_comes_june_and_a_year_before_29_february_28_february(
    period: str, before: str | None, a_year_before: str | None
) -> None:
    asked = Period.read(period)
    assert (name_of(period_before(asked)), name_of(year_before(asked))) == (before, a_year_before)


@pytest.mark.parametrize(
    ("period", "other", "today", "last"),
    [
        ("2026-11", "2026-10", "2026-11-24", "2026-10-24"),
        ("2026-11", "2025-11", "2026-11-24", "2025-11-24"),
        ("2026-03", "2026-02", "2026-03-31", "2026-02-28"),
        ("2026-Q3", "2026-Q2", "2026-08-31", "2026-06-01"),
        ("2024", "2023", "2024-03-01", "2023-03-02"),
        ("2026-10", "2026-09", "2026-11-24", "2026-09-30"),
    ],
)
def test_m2_a_running_period_is_compared_with_as_many_days(period: str, other: str, today: str, last: str) -> None:
    day = date.fromisoformat(today)
    found = last_compared(Period.read(other), Period.read(period), day, to_date=True)
    assert found.isoformat() == last


@pytest.mark.parametrize(
    ("value", "base", "by"),
    [
        (130, 100, Fraction(3, 10)),
        (-50, -100, Fraction(1, 2)),
        (5, 0, None),
        (None, 1, None),
        (1, None, None),
        (0, 4, -1),
    ],
)
def test_growth_is_over_what_was(value: int | None, base: int | None, by: Fraction | None) -> None:
    assert growth(value, base) == by


@pytest.mark.parametrize(("value", "base"), [(0, 5), (5, 0), (-5, 5), (None, 5), (5, None)])
def test_nothing_compounds_from_nought_or_through_it(value: int | None, base: int | None) -> None:
    assert growth_a_year(value, base, Fraction(1)) is None


def test_four_times_as_much_in_five_years_is_32_percent_a_year() -> None:
    found = growth_a_year(324, 81, years_from(Period.read("2018"), Period.read("2023")))
    assert str(found).startswith("0.31950791")


@pytest.mark.parametrize(
    ("base", "period", "years"),
    [
        ("2018", "2023", "5"),
        ("2018-Q2", "2026-Q3", "33/4"),
        ("2018-04", "2018-05", "1/12"),
        ("2018-04-30", "2020-04-30", "2"),
    ],
)
def test_years_between_periods_are_of_the_calendar(base: str, period: str, years: str) -> None:
    assert years_from(Period.read(base), Period.read(period)) == Fraction(years)


@given(CALENDAR, CALENDAR)
def test_years_between_two_days_never_run_backwards(one: date, other: date) -> None:
    first, last = sorted((one, other))
    years = years_between(first, last)
    assert years >= 0
    assert months_on(first, 12 * int(years)) <= last
    assert (years == 0) == (first == last)


@given(CALENDAR, st.integers(-200, 200))
def test_months_on_is_in_that_month(day: date, months: int) -> None:
    found = months_on(day, months)
    if date.min < found < date.max:
        assert (12 * found.year + found.month) - (12 * day.year + day.month) == months
        assert found.day <= day.day


@given(CALENDAR, st.sampled_from(["day", "month", "quarter", "year"]))
def test_the_period_before_ends_where_the_period_begins(day: date, granularity: Any) -> None:
    period = Period.around(day, granularity)
    before = period_before(period)
    assert before is not None
    assert (before.end, before.granularity) == (period.first, granularity)


@given(st.integers(1, 10**15), st.integers(1, 10**15), st.fractions(1, 40, max_denominator=365))
def test_growth_a_year_leads_from_the_one_to_the_other(value: int, base: int, years: Fraction) -> None:
    rate = growth_a_year(value, base, years)
    assert rate is not None
    back = growth_a_year(base, value, years)
    assert back is not None
    there_and_back = DIGITS.multiply(DIGITS.add(rate, Decimal(1)), DIGITS.add(back, Decimal(1)))
    assert abs(settled(there_and_back) - 1) < Decimal("1e-9")


# over HTTP

PATH = "/v1/metrics/kpis"


@pytest.fixture
async def heard(store: Any) -> None:
    """Registrations: two in November and five in October 2025, three in October and four in November 2026."""
    days = [*["2025-11-03"] * 2, *["2025-10-30"] * 5, *["2026-10-20"] * 2, "2026-10-30", *["2026-11-02"] * 4]
    await hear(store, [registered(number, on=on) for number, on in enumerate(days, start=1)])


async def asked(api: Any, kpi: str, **params: str) -> Any:
    answer = await api.get(f"{PATH}/{kpi}/growth", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def compared(answer: Any, name: str) -> Any:
    found = answer[name]
    return found and (found["period"], found["through"], found["value"], found["growth"])


@pytest.mark.usefixtures("heard")
async def test_a_month_that_is_over_is_compared_with_whole_months(api: Any) -> None:
    found = await asked(api, "businesses_registered", period="2026-10", since="2025-10")
    assert (found["value"], found["complete"]) == (3, True)
    assert compared(found, "qoq") == ("2026-09", "2026-09-30", 0, None)
    assert compared(found, "yoy") == ("2025-10", "2025-10-31", 5, -4000)
    assert compared(found, "cagr") == ("2025-10", "2025-10-31", 5, -4000)


@pytest.mark.usefixtures("heard")
async def test_m2_a_running_month_is_not_compared_with_whole_ones(api: Any) -> None:
    found = await asked(api, "businesses_registered", period="2026-11", since="2025-11")
    assert (found["value"], found["complete"]) == (4, False)
    assert compared(found, "qoq") == ("2026-10", "2026-10-31", 3, None)
    assert compared(found, "yoy") == ("2025-11", "2025-11-30", 2, None)
    assert compared(found, "cagr") == ("2025-11", "2025-11-30", 2, None)


@pytest.mark.usefixtures("heard")
async def test_m2_to_date_it_is_compared_with_as_many_days(api: Any) -> None:
    found = await asked(api, "businesses_registered", period="2026-11", to_date="true")
    assert compared(found, "qoq") == ("2026-10", "2026-10-24", 2, 10000)
    assert compared(found, "yoy") == ("2025-11", "2025-11-24", 2, 10000)
    assert found["cagr"] is None


@pytest.mark.usefixtures("heard")
async def test_a_stock_is_compared_as_of_the_same_day(api: Any) -> None:
    found = await asked(api, "businesses_active", period="2026-11", to_date="true")
    assert (found["value"], compared(found, "qoq")) == (14, ("2026-10", "2026-10-24", 9, 5556))


@pytest.mark.usefixtures("heard")
async def test_a_period_to_come_is_compared_with_nothing(api: Any) -> None:
    found = await asked(api, "businesses_active", period="2027", to_date="true")
    assert (found["value"], found["complete"], found["yoy"]["growth"]) == (None, False, None)
    far = await asked(api, "businesses_active", period="2037")
    assert (far["yoy"], far["qoq"]) == (None, None)


@pytest.mark.usefixtures("heard")
async def test_a_figure_by_year_has_growth_by_year(api: Any, store: Any) -> None:
    await hear(store, [reported(1, year=year, sequence=n, revenue=n * 100) for n, year in ((2, "2024"), (3, "2025"))])
    found = await asked(api, "revenue_reported", period="2025", since="2024")
    assert compared(found, "yoy") == ("2024", "2024-12-31", 200, 5000)
    refused = await api.get(f"{PATH}/revenue_reported/growth", params={"period": "2025-Q1", "since": "2024-Q1"})
    assert [each["parameter"] for each in refused.json()["errors"]] == ["period", "since"]


@pytest.mark.parametrize(
    ("params", "parameter", "code"),
    [
        ({"period": "2026-11", "since": "2026"}, "since", "periods_differ"),
        ({"period": "2026-Q1", "since": "2025-01"}, "since", "periods_differ"),
        ({"period": "2026", "since": "2026"}, "since", "period_order"),
        ({"period": "2026", "since": "2027"}, "since", "period_order"),
        ({"period": "2026", "kind": "cloud", "size": "micro"}, "kind", "dimension_not_declared"),
    ],
)
async def test_what_cannot_be_compared_is_refused(api: Any, params: Any, parameter: str, code: str) -> None:
    refused = await api.get(f"{PATH}/businesses_active/growth", params=params)
    assert refused.status_code == 422
    assert (parameter, code) in [(each["parameter"], each["code"]) for each in refused.json()["errors"]]


async def test_growth_of_no_kpi_is_404(api: Any) -> None:
    assert (await api.get(f"{PATH}/happiness/growth", params={"period": "2026"})).status_code == 404
