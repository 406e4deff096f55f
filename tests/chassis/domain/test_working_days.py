"""Working days against the notices of the General Office of the State Council, and what holds beyond them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.times import ZONE_TIME
from services.chassis.domain.working_days import (
    WorkingHours,
    add_working_days,
    is_working_day,
    working_days_between,
    working_hours_between,
)

DAYS = st.dates(date(2001, 1, 1), date(2027, 12, 31))

NOTICES = {
    # 国办发明电〔2023〕7号
    2024: (
        "01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    # 国办发明电〔2024〕12号
    2025: (
        "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    # 国办发明电〔2025〕7号
    2026: (
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}
"""By year: the days off, and the weekends that are worked."""


def days_of(year: int, words: str) -> set[date]:
    days = set()
    for word in words.split():
        first, last = (date.fromisoformat(f"{year}-{end}") for end in (word.split("..") * 2)[:2])
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return days


def at(day: str, clock: str) -> datetime:
    """An instant by the clocks of the zone."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZONE_TIME).astimezone(UTC)


@pytest.mark.parametrize("year", NOTICES)
def test_each_day_of_a_year_is_what_its_notice_says(year: int) -> None:
    off, worked = (days_of(year, words) for words in NOTICES[year])
    for day in days_of(year, "01-01..12-31"):
        assert is_working_day(day) is (day in worked or (day not in off and day.weekday() < 5)), day


def test_a_make_up_day_in_december_comes_from_the_notice_of_the_next_year() -> None:
    assert is_working_day(date(2006, 12, 30))  # a Saturday, for 2 January 2007
    assert not is_working_day(date(2007, 1, 2))


def test_a_year_without_a_notice_has_the_days_off_of_the_law_and_no_weekend_is_worked() -> None:
    spring_festival = {date(2060, 2, day) for day in range(1, 6)}  # the eve, a Sunday, is made good on the 5th
    assert not any(is_working_day(day) for day in spring_festival)
    assert not is_working_day(date(2060, 10, 1))
    assert is_working_day(date(2060, 10, 8))
    assert not any(is_working_day(day) for day in days_of(2060, "01-01..12-31") if day.weekday() > 4)


@pytest.mark.parametrize("day", [date(1949, 10, 3), date(2101, 10, 3), date(9999, 12, 31)])
def test_far_from_today_every_weekday_is_worked(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2025-01-24", 1, "2025-01-26"),  # the Sunday before Spring Festival is worked
        ("2025-01-27", 1, "2025-02-05"),  # eight days off in between
        ("2025-02-05", 3, "2025-02-08"),  # Saturday, made up
        ("2024-09-27", 2, "2024-09-30"),  # Friday, and the Sunday before National Day is worked
        ("2024-09-30", 5, "2024-10-12"),
        ("2025-02-05", -1, "2025-01-27"),
        ("2026-11-24", 0, "2026-11-24"),
        ("2025-01-28", 0, "2025-02-05"),
    ],
)
def test_a_term_ends_on_a_working_day_and_its_first_day_does_not_count(start: str, number: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(start), number) == date.fromisoformat(end)


def test_a_term_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(OverflowError):
        add_working_days(date.max, 1)


@given(start=DAYS, number=st.integers(1, 60))
def test_a_term_forth_holds_as_many_working_days_as_were_added(start: date, number: int) -> None:
    assert working_days_between(start, add_working_days(start, number)) == number


@given(start=DAYS.filter(is_working_day), number=st.integers(1, 60))
def test_a_term_forth_and_back_ends_where_it_began(start: date, number: int) -> None:
    assert add_working_days(add_working_days(start, number), -number) == start


def test_the_first_day_of_a_span_does_not_count_and_its_last_one_does() -> None:
    wednesday, friday = date(2026, 11, 25), date(2026, 11, 27)
    assert working_days_between(wednesday, friday) == 2
    assert working_days_between(friday, friday) == 0


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at("2026-11-24", "09:00"), at("2026-11-24", "21:00"), 8.0),
        (at("2026-11-24", "13:30"), at("2026-11-24", "16:30"), 1.0),
        (at("2026-11-24", "14:00"), at("2026-11-24", "16:00"), 0.0),
        (at("2026-11-27", "19:00"), at("2026-11-30", "10:30"), 1.5),  # over a weekend
        (at("2025-01-26", "10:00"), at("2025-02-05", "11:00"), 17.0),  # two days, eight days off, an hour
        (at("2026-11-24", "23:00"), at("2026-11-25", "00:30"), 0.0),
        (at("2026-11-24", "11:00"), at("2026-11-24", "11:00"), 0.0),
    ],
)
def test_only_the_hours_of_the_shifts_of_working_days_count(start: datetime, end: datetime, hours: float) -> None:
    assert working_hours_between(start, end) == timedelta(hours=hours)


def test_other_working_hours_are_handed_in() -> None:
    nine_to_five = WorkingHours(((time(9), time(17)),))
    start, end = at("2026-11-24", "16:00"), at("2026-11-25", "10:00")
    assert working_hours_between(start, end, nine_to_five) == timedelta(hours=2)


@given(first=st.integers(0, 50_000), second=st.integers(0, 50_000), third=st.integers(0, 50_000))
def test_working_hours_of_parts_add_up_to_those_of_the_whole(first: int, second: int, third: int) -> None:
    minutes = sorted((first, second, third))
    a, b, c = (at("2026-01-01", "00:00") + timedelta(minutes=each) for each in minutes)
    assert working_hours_between(a, b) + working_hours_between(b, c) == working_hours_between(a, c)


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        working_days_between(date(2026, 11, 25), date(2026, 11, 24))
    with pytest.raises(ValueError, match="ends before it begins"):
        working_hours_between(at("2026-11-24", "11:00"), at("2026-11-24", "10:00"))


@pytest.mark.parametrize(
    "shifts", [((time(10), time(14)), (time(13), time(20))), ((time(14), time(10)),), ((time(10), time(10)),)]
)
def test_shifts_that_overlap_or_are_out_of_order_are_refused(shifts: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="shifts"):
        WorkingHours(shifts)
