"""Wall times of a place, on ordinary days and on those on which the clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.incubator.kernel.local_time import (
    TimeZoneName,
    WallTime,
    earliest,
    is_shown,
    latest,
    local_days,
    minutes_of,
    wall_time,
)

URUMQI = ZoneInfo("Asia/Urumqi")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_wall_time_of_an_ordinary_day_means_one_instant() -> None:
    nine = minutes_of("09:00")
    assert earliest(date(2026, 7, 1), nine, URUMQI) == latest(date(2026, 7, 1), nine, URUMQI) == utc("2026-07-01 03:00")


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert earliest(SPRING, minutes_of("24:00"), NEW_YORK) == earliest(date(2026, 3, 9), 0, NEW_YORK)


def test_a_wall_time_in_the_gap_means_the_end_of_the_gap() -> None:
    gap_ends = utc("2026-03-08 07:00")
    half_past_two = minutes_of("02:30")
    assert earliest(SPRING, half_past_two, NEW_YORK) == latest(SPRING, half_past_two, NEW_YORK) == gap_ends


def test_a_gap_of_half_an_hour_ends_where_it_ends() -> None:
    assert earliest(date(2026, 10, 4), minutes_of("02:10"), LORD_HOWE) == utc("2026-10-03 15:30")


def test_an_ambiguous_wall_time_has_a_first_and_a_last_reading() -> None:
    half_past_one = minutes_of("01:30")
    assert earliest(AUTUMN, half_past_one, NEW_YORK) == utc("2026-11-01 05:30")
    assert latest(AUTUMN, half_past_one, NEW_YORK) == utc("2026-11-01 06:30")


def test_clocks_never_show_what_lies_in_the_gap() -> None:
    assert not is_shown(datetime(2026, 3, 8, 2, 30), NEW_YORK)
    assert is_shown(datetime(2026, 3, 8, 3, 0), NEW_YORK)
    assert is_shown(datetime(2026, 11, 1, 1, 30), NEW_YORK)


def test_days_that_a_night_touches_are_both() -> None:
    start, end = utc("2026-07-01 15:30"), utc("2026-07-01 20:00")
    assert list(local_days(start, end, URUMQI)) == [date(2026, 7, 1), date(2026, 7, 2)]


def test_what_ends_at_midnight_does_not_touch_the_next_day() -> None:
    assert list(local_days(utc("2026-07-01 10:00"), utc("2026-07-01 18:00"), URUMQI)) == [date(2026, 7, 1)]


@given(
    st.datetimes(datetime(1992, 1, 1), datetime(2037, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from([URUMQI, NEW_YORK, LORD_HOWE, ZoneInfo("Europe/Dublin"), ZoneInfo("Pacific/Apia")]),
)
def test_every_reading_shows_its_wall_time_or_lies_behind_the_gap(wall: datetime, zone: ZoneInfo) -> None:
    first, last = (read(wall.date(), wall.hour * 60 + wall.minute, zone) for read in (earliest, latest))
    assert first <= last
    for reading in (first, last):
        assert wall_time(reading, zone) == wall if is_shown(wall, zone) else wall_time(reading, zone) > wall


@pytest.mark.parametrize("name", ["Asia/Urumqi", "Europe/Paris", "UTC"])
def test_a_zone_of_the_iana_database_is_known(name: str) -> None:
    assert TypeAdapter(TimeZoneName).validate_python(name) == name


@pytest.mark.parametrize("name", ["Asia/Korla", "../etc/passwd", "asia/urumqi", "+08:00"])
def test_any_other_zone_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(TimeZoneName).validate_python(name)
    assert refused.value.errors()[0]["type"] in ("unknown_time_zone", "string_pattern_mismatch")


@pytest.mark.parametrize("wall", ["24:01", "9:00", "09:60", "25:00", "09:00:00", "-1:00", "０9:00", "09:00\n"])
def test_what_no_clock_shows_is_refused(wall: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(WallTime).validate_python(wall)
