"""Calendar periods, and the fewest that hold a stretch of days."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from services.chassis.testing.moments import day
from services.metrics.figures.bucket import HELD_BY
from services.metrics.figures.kpi import GRANULARITIES, Granularity
from services.metrics.figures.periods import Period, Span, first_day, periods, spans

days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "end"),
    [
        ("2017", "2017-01-01", "2018-01-01"),
        ("2026-Q1", "2026-01-01", "2026-04-01"),
        ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2026-07", "2026-07-01", "2026-08-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("0001", "0001-01-01", "0002-01-01"),
    ],
)
def test_a_period_is_read_by_its_name(name: str, first: str, end: str) -> None:
    assert Period.read(name) == Period(name, day(first), day(end))


@pytest.mark.parametrize(
    "name",
    ["", "17", "all", "2017-", "-017", "2017\n", " 2017", "２０１７", "20170714", "2017-W01", "0000", "9999"],
)
def test_what_is_not_written_as_a_period_is_refused(name: str) -> None:
    with pytest.raises(PydanticCustomError, match="period"):
        Period.read(name)


@pytest.mark.parametrize(
    "name",
    ["2017-00", "2017-13", "2017-1", "2026-Q0", "2026-Q5", "2026-q1", "2025-02-29", "2026-07-00", "2026-07-32"],
)
def test_what_names_no_period_of_the_calendar_is_refused(name: str) -> None:
    with pytest.raises(PydanticCustomError, match="period"):
        Period.read(name)


@given(days, st.sampled_from(GRANULARITIES))
def test_a_day_lies_in_its_period_and_the_name_of_the_period_leads_back(on: date, granularity: Granularity) -> None:
    period = Period.around(on, granularity)
    assert period.first <= on < period.end
    assert Period.read(period.name) == period


def test_a_series_of_periods_begins_with_the_one_that_holds_the_first_day() -> None:
    found = periods(day("2025-11-15"), day("2026-05-01"), "quarter")
    assert [period.name for period in found] == ["2025-Q4", "2026-Q1", "2026-Q2"]


@pytest.mark.parametrize(
    ("first", "end", "found"),
    [
        (None, "2026-11-25", [("y", "", "2026"), ("m", "2026-01", "2026-11"), ("d", "2026-11-01", "2026-11-25")]),
        (None, "2026-11-01", [("y", "", "2026"), ("m", "2026-01", "2026-11")]),
        (None, "2026-01-01", [("y", "", "2026")]),
        (None, "2026-01-02", [("y", "", "2026"), ("d", "2026-01-01", "2026-01-02")]),
        ("2017-01-01", "2018-01-01", [("y", "2017", "2018")]),
        ("2026-10-01", "2027-01-01", [("m", "2026-10", "2027-01")]),
        ("2026-10-01", "2026-11-25", [("m", "2026-10", "2026-11"), ("d", "2026-11-01", "2026-11-25")]),
        ("2026-07-14", "2026-07-15", [("d", "2026-07-14", "2026-07-15")]),
        ("2026-07-14", "2026-07-14", []),
        ("2026-07-14", "2026-01-01", []),
    ],
)
def test_days_are_held_by_years_then_months_then_days(
    first: str | None, end: str, found: list[tuple[str, str, str]]
) -> None:
    assert spans(day(first) if first else None, day(end)) == tuple(Span(*each) for each in found)


@given(days, st.integers(0, 4_000))
def test_the_periods_of_a_span_lie_in_its_buckets_and_no_other_does(first: date, length: int) -> None:
    for span in spans(first, first + timedelta(days=length)):
        held = HELD_BY[span.level]
        start, end = day(first_day(span.first)) - timedelta(days=40), day(first_day(span.end)) + timedelta(days=40)
        granularity: Any = {"y": "year", "m": "month", "d": "day"}[span.level]
        inside = set()
        for period in periods(start, end, granularity):
            bucket, name = period.name[:held], period.name[held:].removeprefix("-")
            low, high = span.within(bucket)
            if span.buckets[0] <= bucket <= span.buckets[1] and low <= name < high:
                inside.add(period.name)
        assert inside == {
            period.name for period in periods(start, end, granularity) if span.first <= period.name < span.end
        }


@given(days, st.integers(0, 4_000))
def test_spans_hold_every_day_exactly_once_and_in_few_buckets(first: date, length: int) -> None:
    end = first + timedelta(days=length)
    held: list[date] = []
    buckets = 0
    for level, start, stop in spans(first, end):
        granularity: Any = {"y": "year", "m": "month", "d": "day"}[level]
        inside = list(periods(day(first_day(start)), day(first_day(stop)), granularity))
        buckets += len(inside)
        for period in inside:
            held += [period.first + timedelta(days=n) for n in range((period.end - period.first).days)]
    assert held == [first + timedelta(days=n) for n in range(length)]
    assert buckets <= length // 365 + 2 * (11 + 30)
