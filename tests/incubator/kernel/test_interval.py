"""Half-open intervals: what touches does not overlap, and a union is the same moments in fewer pieces."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.incubator.kernel.interval import Interval, union

ZERO = datetime(2026, 7, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def hours(start: float, end: float) -> Interval:
    return Interval(ZERO + timedelta(hours=start), ZERO + timedelta(hours=end))


BETWEEN = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: hours(*pair))


def test_what_only_touches_does_not_overlap() -> None:
    assert not hours(9, 10).overlaps(hours(10, 11))
    assert hours(9, 10.25).overlaps(hours(10, 11))


def test_an_interval_covers_itself_and_what_is_shorter() -> None:
    assert hours(9, 10).covers(hours(9, 10))
    assert not hours(9, 10).covers(hours(9, 10.25))


def test_its_steps_begin_at_its_start_and_leave_its_end_out() -> None:
    assert list(hours(9, 9.5).steps(QUARTER)) == [ZERO + timedelta(hours=9), ZERO + timedelta(hours=9.25)]


def test_more_on_either_side_is_counted_in_its_length() -> None:
    assert hours(9, 10).widened(QUARTER, 2 * QUARTER).minutes == 105


def test_intervals_that_touch_become_one_and_empty_ones_vanish() -> None:
    assert union([hours(10, 11), hours(9, 10), hours(12, 12), hours(13, 14)]) == [hours(9, 11), hours(13, 14)]


@given(st.lists(BETWEEN, max_size=8))
def test_a_union_has_the_same_moments_and_no_two_of_its_pieces_touch(intervals: list[Interval]) -> None:
    found = union(intervals)
    for hour in range(31):
        moment = hours(hour, hour + 1)
        assert any(each.covers(moment) for each in found) == any(each.covers(moment) for each in intervals)
    assert all(one.end < other.start for one, other in pairwise(found))
