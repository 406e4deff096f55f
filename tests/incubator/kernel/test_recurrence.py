"""Series keep the wall time of their place, leave out days that do not exist, and end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.chassis.domain.violations import Violated
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.recurrence import Frequency, Recurrence

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def first(text: str, zone: ZoneInfo, hours: int = 1) -> Interval:
    start = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    return Interval(start, start + timedelta(hours=hours))


def walls(recurrence: Recurrence, begins: str, zone: ZoneInfo = SHANGHAI) -> list[str]:
    """The wall times of a series, `gap` for one that has none."""
    times = recurrence.times(first(begins, zone), zone)
    return [each.time.start.astimezone(zone).strftime("%m-%d %H:%M") if each.time else "gap" for each in times]


def test_ten_mondays_are_a_week_apart() -> None:
    found = walls(Recurrence(freq=Frequency.WEEKLY, count=10), "2026-07-06 10:00")
    assert (found[0], found[1], found[-1], len(found)) == ("07-06 10:00", "07-13 10:00", "09-07 10:00", 10)


def test_a_week_has_several_days() -> None:
    found = walls(Recurrence(freq=Frequency.WEEKLY, by_weekday=[1, 3], count=4), "2026-07-06 10:00")
    assert found == ["07-06 10:00", "07-08 10:00", "07-13 10:00", "07-15 10:00"]


def test_the_day_until_which_it_recurs_is_not_included() -> None:
    found = walls(Recurrence(freq=Frequency.DAILY, until=date(2026, 7, 9)), "2026-07-06 10:00")
    assert found == ["07-06 10:00", "07-07 10:00", "07-08 10:00"]


def test_a_day_that_does_not_exist_is_left_out_and_does_not_count() -> None:
    found = walls(Recurrence(freq=Frequency.MONTHLY, count=3), "2026-05-31 10:00")
    assert found == ["05-31 10:00", "07-31 10:00", "08-31 10:00"]


def test_a_series_keeps_its_wall_time_over_a_change_of_clocks() -> None:
    series = Recurrence(freq=Frequency.WEEKLY, count=2).times(first("2026-03-03 10:00", NEW_YORK), NEW_YORK)
    (before, after) = (each.time.start for each in series if each.time)
    assert after - before == timedelta(days=7) - timedelta(hours=1)


def test_an_occurrence_in_the_gap_keeps_its_number_and_has_no_time() -> None:
    found = walls(Recurrence(freq=Frequency.WEEKLY, count=3), "2026-03-01 02:30", NEW_YORK)
    assert found == ["03-01 02:30", "gap", "03-15 02:30"]


@pytest.mark.parametrize(
    "said",
    [
        {"freq": "weekly"},
        {"freq": "weekly", "count": 3, "until": "2026-08-01"},
        {"freq": "daily", "count": 3, "by_weekday": [1]},
    ],
)
def test_a_rule_that_does_not_say_one_end_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        Recurrence.model_validate(said)
    assert {each["type"] for each in refused.value.errors()} == {"recurrence_invalid"}


@pytest.mark.parametrize(
    "said",
    [{"count": 53}, {"count": 0}, {"count": 3, "interval": 0}, {"freq": "yearly", "count": 3}, {"until": "0001-01-01"}],
)
def test_a_rule_out_of_bounds_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Recurrence.model_validate({"freq": "weekly"} | said)


@pytest.mark.parametrize("until", [date(2026, 7, 6), date(2027, 7, 6)])
def test_a_series_with_none_or_too_many_is_refused(until: date) -> None:
    with pytest.raises(Violated) as refused:
        walls(Recurrence(freq=Frequency.WEEKLY, until=until), "2026-07-06 10:00")
    assert refused.value.code == "recurrence_invalid"


def test_a_series_of_which_one_lasts_into_the_next_is_refused() -> None:
    daily = Recurrence(freq=Frequency.DAILY, count=2)
    assert len(daily.times(first("2026-07-06 10:00", SHANGHAI, hours=24), SHANGHAI)) == 2
    with pytest.raises(Violated):
        daily.times(first("2026-07-06 10:00", SHANGHAI, hours=25), SHANGHAI)


def test_of_a_first_time_that_the_clocks_show_twice_the_one_that_was_asked_for_is_meant() -> None:
    for hour in (0, 1):  # 02:30 before the clocks go back, and 02:30 after it
        first = Interval(datetime(2026, 10, 25, hour, 30, tzinfo=UTC), datetime(2026, 10, 25, hour + 1, tzinfo=UTC))
        found = Recurrence(freq=Frequency.WEEKLY, count=2).times(first, ZoneInfo("Europe/Berlin"))
        assert [each.time and each.time.start for each in found] == [
            first.start,
            datetime(2026, 11, 1, 1, 30, tzinfo=UTC),
        ]
