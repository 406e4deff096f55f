"""What is listed can be booked, and nothing else: by opening hours, terms, buffers and what is taken."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.incubator.kernel.calendar import SLOT, Calendar, Taken, Terms, taken_slots
from services.incubator.kernel.interval import Interval
from services.incubator.kernel.opening import DayHours, Exceptions, Hours, Opening, Weekly, WeeklyHours

URUMQI, NEW_YORK = ZoneInfo("Asia/Urumqi"), ZoneInfo("America/New_York")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 7, 6)


def at(text: str, zone: ZoneInfo = URUMQI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def between(start: str, end: str, zone: ZoneInfo = URUMQI) -> Interval:
    return Interval(at(start, zone), at(end, zone))


def weekly(weekday: int, opens: str, closes: str) -> WeeklyHours:
    return WeeklyHours(weekday=weekday, opens=opens, closes=closes)


def daily(opens: str, closes: str) -> list[WeeklyHours]:
    return [weekly(day, opens, closes) for day in range(1, 8)]


def calendar(*hours: WeeklyHours, terms: Terms | None = None, units: int = 1, zone: ZoneInfo = URUMQI) -> Calendar:
    return Calendar(Opening(zone, hours or daily("08:00", "12:00")), terms or Terms(), units)


def codes(of: Calendar, asked: Interval, now: datetime = LONG_AGO) -> list[str]:
    return [each.code for each in of.judge(asked, now=now)]


def taken_by(of: Calendar, *bookings: Interval, unit: int = 0) -> Taken:
    return taken_slots((unit, slot) for booking in bookings for slot in of.slots(booking))


# S1: listed means bookable, and nothing else is


def test_s1_a_buffer_of_a_booking_outside_the_window_counts() -> None:
    room = calendar(terms=Terms(min_minutes=30, buffer_after=30))
    taken = taken_by(room, between("2026-07-06 08:00", "2026-07-06 09:00"))
    starts = room.starts(between("2026-07-06 09:00", "2026-07-06 12:00"), 30, taken, now=LONG_AGO)
    assert next(starts) == at("2026-07-06 09:30")
    assert not list(room.free_units(between("2026-07-06 09:15", "2026-07-06 09:45"), taken))


@given(
    st.lists(st.tuples(st.integers(0, 27), st.integers(1, 8)), max_size=4),
    st.sampled_from([0, 15, 30]),
    st.sampled_from([0, 15, 45]),
    st.sampled_from([15, 60, 90]),
)
def test_s1_each_start_of_a_week_is_listed_exactly_if_it_can_be_booked(
    booked: list[tuple[int, int]], before: int, after: int, minutes: int
) -> None:
    room = calendar(
        weekly(1, "09:00", "12:00"),
        weekly(1, "13:00", "24:00"),
        weekly(2, "00:00", "02:00"),
        terms=Terms(min_minutes=15, max_minutes=120, buffer_before=before, buffer_after=after),
        units=2,
    )
    week = between("2026-07-06 00:00", "2026-07-13 00:00")
    bookings = [
        Interval(week.start + (36 + first) * SLOT, week.start + (36 + first + length) * SLOT)
        for first, length in booked
    ]
    taken = {**taken_by(room, *bookings), 1: frozenset(week.steps(SLOT))}
    now = at("2026-07-06 09:30")
    listed = set(room.starts(week, minutes, taken, now=now))
    for start in week.steps(SLOT):
        asked = Interval(start, start + timedelta(minutes=minutes))
        free = all(not room.claimed(asked).overlaps(room.claimed(each)) for each in bookings)
        assert (start in listed) == (free and not codes(room, asked, now))


def test_two_buffers_of_a_quarter_stack_to_a_gap_of_half_an_hour() -> None:
    room = calendar(terms=Terms(buffer_before=15, buffer_after=15))
    taken = taken_by(room, between("2026-07-06 09:00", "2026-07-06 10:00"))
    assert not list(room.free_units(between("2026-07-06 10:15", "2026-07-06 11:00"), taken))
    assert list(room.free_units(between("2026-07-06 10:30", "2026-07-06 11:00"), taken)) == [0]


def test_a_unit_that_is_free_is_found_where_others_are_taken() -> None:
    desks = calendar(units=3)
    morning = between("2026-07-06 09:00", "2026-07-06 10:00")
    assert list(desks.free_units(morning, taken_by(desks, morning))) == [1, 2]


# S3: the day ends at 24:00 and nights exist


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-07-10 23:00", "2026-07-11 00:00", []),
        ("2026-07-10 23:30", "2026-07-11 00:30", []),
        ("2026-07-11 01:30", "2026-07-11 02:30", ["outside_opening_hours"]),
        ("2026-07-10 17:45", "2026-07-10 18:15", ["outside_opening_hours"]),
    ],
)
def test_s3_a_booking_lies_in_the_union_of_a_night_and_the_morning_after(
    start: str, end: str, found: list[str]
) -> None:
    room = calendar(weekly(5, "18:00", "24:00"), weekly(6, "00:00", "02:00"))
    assert codes(room, between(start, end)) == found


def test_s3_hours_of_one_day_that_overlap_are_refused_at_their_place() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Weekly).validate_python(
            [
                {"weekday": 1, "from": "13:00", "to": "18:00"},
                {"weekday": 2, "from": "08:00", "to": "13:00"},
                {"weekday": 1, "from": "08:00", "to": "13:15"},
            ]
        )
    assert [(each["loc"], each["type"]) for each in refused.value.errors()] == [((0,), "hours_overlap")]


@pytest.mark.parametrize(("opens", "closes"), [("18:00", "02:00"), ("09:00", "09:00"), ("24:00", "24:00")])
def test_hours_that_close_before_they_open_are_refused(opens: str, closes: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Hours).validate_python({"from": opens, "to": closes})
    assert [each["type"] for each in refused.value.errors()] == ["empty_interval"]


def test_a_day_with_two_exceptions_is_refused() -> None:
    holiday = {"date": "2026-10-01", "hours": []}
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Exceptions).validate_python([holiday, holiday])
    assert [(each["loc"], each["type"]) for each in refused.value.errors()] == [((1, "date"), "day_repeated")]


def test_an_exception_takes_the_place_of_the_weekday() -> None:
    short = DayHours(date=MONDAY, hours=[Hours(opens="10:00", closes="11:00")])
    closed = DayHours(date=date(2026, 7, 7), hours=[])
    opening = Opening(URUMQI, daily("08:00", "12:00"), [short, closed])
    assert opening.on(MONDAY) == [between("2026-07-06 10:00", "2026-07-06 11:00")]
    assert opening.on(date(2026, 7, 7)) == []


# days on which the clocks change


def test_hours_keep_their_wall_time_over_a_change_of_clocks() -> None:
    opening = Opening(NEW_YORK, daily("09:00", "10:00"))
    before, after = opening.on(date(2026, 3, 7))[0], opening.on(date(2026, 3, 9))[0]
    assert after.start - before.start == timedelta(days=2) - timedelta(hours=1)


def test_hours_that_begin_in_the_gap_begin_at_its_end() -> None:
    opening = Opening(NEW_YORK, daily("02:30", "04:00"))
    assert opening.on(date(2026, 3, 8)) == [between("2026-03-08 03:00", "2026-03-08 04:00", NEW_YORK)]


def test_hours_around_the_hour_that_is_shown_twice_have_both_readings() -> None:
    opening = Opening(NEW_YORK, daily("01:00", "01:30"))
    assert [piece.minutes for piece in opening.on(date(2026, 11, 1))] == [90]


def test_hours_that_lie_in_the_gap_are_none_on_that_day() -> None:
    opening = Opening(NEW_YORK, daily("02:15", "02:45"))
    assert opening.on(date(2026, 3, 8)) == []


# what the rules refuse


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2026-07-06 09:00", "2026-07-06 09:00", ["empty_interval"]),
        ("2026-07-06 10:00", "2026-07-06 09:00", ["empty_interval"]),
        ("2026-07-06 10:07", "2026-07-06 11:00", ["not_on_grid"]),
        ("2026-07-06 10:00", "2026-07-06 10:50", ["not_on_grid"]),
        ("2026-07-06 10:00", "2026-07-06 10:15", ["too_short"]),
        ("2026-07-06 08:30", "2026-07-06 11:00", ["too_long"]),
        ("2026-07-06 11:30", "2026-07-06 12:30", ["outside_opening_hours"]),
        ("2026-07-05 09:00", "2026-07-05 10:00", ["in_the_past"]),
        ("2026-07-06 08:00", "2026-07-06 09:00", ["cutoff_passed"]),
        ("2026-07-05 07:07", "2026-07-05 10:00", ["not_on_grid", "in_the_past", "too_long"]),
        ("2026-07-06 08:30", "2027-08-06 08:30", ["too_long"]),
    ],
)
def test_what_is_refused_is_refused_for_all_its_reasons(start: str, end: str, found: list[str]) -> None:
    room = calendar(terms=Terms(min_minutes=30, max_minutes=120, cutoff_minutes=60))
    assert codes(room, between(start, end), at("2026-07-06 07:15")) == found


def test_the_first_moment_that_the_cutoff_leaves_can_be_booked() -> None:
    room = calendar(terms=Terms(cutoff_minutes=60))
    assert codes(room, between("2026-07-06 08:15", "2026-07-06 09:00"), at("2026-07-06 07:15")) == []


@pytest.mark.parametrize("field", ["min_minutes", "max_minutes", "buffer_before", "buffer_after"])
def test_terms_lie_on_the_grid(field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Terms.model_validate({field: 50})
    assert [each["type"] for each in refused.value.errors()] == ["not_on_grid"]


def test_the_longest_booking_is_not_shorter_than_the_shortest() -> None:
    with pytest.raises(ValidationError) as refused:
        Terms(min_minutes=60, max_minutes=30)
    assert [(each["loc"], each["type"]) for each in refused.value.errors()] == [(("max_minutes",), "empty_interval")]
