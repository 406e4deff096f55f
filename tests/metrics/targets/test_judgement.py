"""How a target stands on a day: every status, and every input of which a rate says nothing."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.targets.judgement import TargetReason, TargetStatus
from services.metrics.targets.target import Direction, goal_violations, grown
from services.metrics.targets.trajectory import Shape, TargetMilestone
from tests.metrics.targets.promised import BEGINS_ON, BILLION, DUE_ON, judged, target

TWO_YEARS_ON = date(2020, 4, 30)


@pytest.mark.parametrize(
    ("bn", "status"),
    [
        ("32.4", "achieved"),
        ("40.0", "achieved"),
        ("14.0", "on_track"),
        ("12.0", "needs_acceleration"),
        ("9.0", "limited"),
        ("8.1", "limited"),
        ("8.0", "deteriorating"),
        ("0", "deteriorating"),
    ],
)
def test_the_status_is_by_observed_against_required_growth(bn: str, status: str) -> None:
    found = judged(target(), int(Decimal(bn) * BILLION), TWO_YEARS_ON)
    assert (found.status, found.reason, found.is_final) == (status, None, False)


def test_reference_three_times_as_much_in_year_five_is_missed() -> None:
    found = judged(target(), 243 * BILLION // 10, DUE_ON)
    assert (found.status, found.is_final) == (TargetStatus.MISSED, True)
    assert found.measures.growth_vs_baseline == 2
    assert found.measures.attainment == Fraction(2, 3)


def test_the_goal_on_the_day_it_is_due_is_met() -> None:
    assert judged(target(), 324 * BILLION // 10, DUE_ON).status is TargetStatus.MET


def test_after_its_day_a_target_is_judged_by_that_day_for_good() -> None:
    later = judged(target(), 9 * BILLION, date(2030, 1, 1))
    assert (later.on, later.status) == (DUE_ON, TargetStatus.MISSED)
    assert later == judged(target(), 9 * BILLION, DUE_ON)


def test_until_the_day_it_is_due_is_over_it_can_still_be_met() -> None:
    running, over = [judged(target(), 32 * BILLION, DUE_ON, is_over=is_over) for is_over in (False, True)]
    assert [(each.status, each.is_final) for each in (running, over)] == [("on_track", False), ("missed", True)]


def test_before_the_day_of_its_baseline_it_has_not_started() -> None:
    found = judged(target(), 9 * BILLION, BEGINS_ON - timedelta(days=1))
    assert (found.status, found.measures.expected, found.measures.attainment) == ("not_started", None, None)


@pytest.mark.parametrize(("days", "status"), [(0, "not_available"), (89, "not_available"), (90, "on_track")])
def test_fewer_than_ninety_days_say_nothing(days: int, status: str) -> None:
    found = judged(target(), 9 * BILLION, BEGINS_ON + timedelta(days=days))
    assert found.status == status
    assert found.reason is (TargetReason.TOO_EARLY if days < 90 else None)


def test_who_is_past_the_goal_has_achieved_it_on_any_day() -> None:
    assert judged(target(), 33 * BILLION, BEGINS_ON).status is TargetStatus.ACHIEVED


@pytest.mark.parametrize("due", [False, True], ids=["on the way", "when it is due"])
def test_d_9_silence_of_eighteen_months_is_no_miss(due: bool) -> None:
    as_of = DUE_ON if due else date(2021, 11, 30)
    found = judged(target(), 81 * BILLION // 10, as_of, stated_on=BEGINS_ON)
    assert (found.status, found.reason, found.silent_since) == ("not_available", "no_statements", BEGINS_ON)


@pytest.mark.parametrize(
    ("stated_on", "status"), [(date(2021, 10, 30), "missed"), (date(2021, 10, 29), "not_available")]
)
def test_d_9_what_was_stated_eighteen_months_ago_to_the_day_still_counts(stated_on: date, status: str) -> None:
    assert judged(target(), 9 * BILLION, DUE_ON, stated_on=stated_on).status == status


@pytest.mark.parametrize(("value", "stated_on"), [(None, None), (None, BEGINS_ON), (5, None)])
def test_what_nobody_ever_stated_is_not_available(value: int | None, stated_on: date | None) -> None:
    found = judged(target(), value, TWO_YEARS_ON, stated_on=stated_on)
    assert (found.status, found.silent_since) == (TargetStatus.NOT_AVAILABLE, stated_on)


def test_what_was_stated_lately_and_has_no_value_is_not_available_for_another_reason() -> None:
    found = judged(target(), None, TWO_YEARS_ON, stated_on=TWO_YEARS_ON)
    assert (found.status, found.reason, found.silent_since) == ("not_available", "no_value", None)


@pytest.mark.parametrize(
    ("value", "due", "status"),
    [(50, False, "not_available"), (50, True, "missed"), (100, True, "met"), (100, False, "achieved")],
)
def test_d_9_without_a_baseline_there_is_attainment_only(value: int, due: bool, status: str) -> None:
    found = judged(target(None, 100), value, DUE_ON if due else TWO_YEARS_ON)
    assert (found.status, found.method) == (status, "attainment")
    assert found.reason is (TargetReason.NO_BASELINE if status == "not_available" else None)
    assert found.measures.attainment == Fraction(value, 100)
    assert (found.measures.pace, found.measures.expected, found.measures.required) == (None, None, None)


def test_without_a_baseline_what_is_to_fall_is_attained_the_other_way_round() -> None:
    assert target(None, 60, direction=Direction.DOWN).attainment(80) == Fraction(3, 4)
    assert target(None, 0).attainment(5) is None


# down


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (25, "achieved"),
        (20, "achieved"),
        (55, "on_track"),
        (65, "needs_acceleration"),
        (85, "limited"),
        (101, "deteriorating"),
    ],
)
def test_what_is_to_fall_is_judged_by_how_it_falls(value: int, status: str) -> None:
    falling = target(100, 25, direction=Direction.DOWN)
    assert judged(falling, value, TWO_YEARS_ON).status == status


def test_what_is_to_fall_is_met_below_its_goal_and_missed_above() -> None:
    falling = target(100, 25, direction=Direction.DOWN)
    assert [judged(falling, value, DUE_ON).status for value in (24, 25, 26)] == ["met", "met", "missed"]


# what no rate can be made of


@pytest.mark.parametrize(("baseline", "goal"), [(0, 100), (-100, 100), (-100, 0)])
@pytest.mark.parametrize(
    ("share", "status"),
    [("0.4", "on_track"), ("0.3", "needs_acceleration"), ("0.1", "limited"), ("-0.1", "deteriorating")],
)
def test_a_baseline_of_nought_and_different_signs_are_linear(baseline: int, goal: int, share: str, status: str) -> None:
    value = baseline + int(Decimal(share) * (goal - baseline))
    found = judged(target(baseline, goal), value, TWO_YEARS_ON)
    assert (found.method, found.status) == ("linear", status)
    assert found.measures.attainment == Fraction(share)
    assert (found.measures.observed, found.measures.required) == (None, None)


def test_a_goal_of_nought_is_linear() -> None:
    found = judged(target(100, 0, direction=Direction.DOWN), 60, TWO_YEARS_ON)
    assert (found.method, found.status, found.measures.attainment) == ("linear", "on_track", Fraction(2, 5))


@pytest.mark.parametrize(
    ("direction", "value", "status"),
    [("up", 100, "achieved"), ("up", 99, "deteriorating"), ("down", 100, "achieved"), ("down", 101, "deteriorating")],
)
def test_a_goal_that_is_the_baseline_is_achieved_on_the_right_side_alone(
    direction: str, value: int, status: str
) -> None:
    found = judged(target(100, 100, direction=Direction(direction)), value, TWO_YEARS_ON)
    assert (found.status, found.method, found.measures.attainment) == (status, "linear", None)


def test_where_milestones_expect_no_change_yet_who_has_not_got_worse_is_on_track() -> None:
    flat = target(100, 400, trajectory=Shape.MILESTONES, milestones=[TargetMilestone(on=date(2021, 4, 30), value=100)])
    assert [judged(flat, value, TWO_YEARS_ON).status for value in (99, 100)] == ["deteriorating", "on_track"]


# setting it


@pytest.mark.parametrize(
    ("baseline", "percent", "goal"),
    [(81, 300, 324), (100, -50, 50), (-100, 50, -50), (0, 300, 0), (5, 10, 6), (-5, -10, -6), (2**53 - 1, 1, None)],
)
def test_g_m2_growth_in_percent_is_of_the_baseline_and_rounded_half_up_away_from_zero(
    baseline: int, percent: int, goal: int | None
) -> None:
    assert grown(baseline, percent) == goal


@pytest.mark.parametrize(
    ("goal", "direction", "code"),
    [
        (9, "up", "goal_against_direction"),
        (11, "down", "goal_against_direction"),
        (None, "up", "goal_too_large"),
        (10, "up", None),
    ],
)
def test_a_goal_lies_where_the_direction_leads(goal: int | None, direction: str, code: str | None) -> None:
    assert [each.code for each in goal_violations(10, goal, Direction(direction))] == ([code] if code else [])


# whatever is asked

VALUES = st.integers(-(2**53) + 1, 2**53 - 1)
DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(baseline=VALUES | st.none(), goal=VALUES, value=VALUES | st.none(), as_of=DAYS, stated_on=DAYS | st.none())
def test_every_target_has_a_status_on_every_day(
    baseline: int | None, goal: int, value: int | None, as_of: date, stated_on: date | None
) -> None:
    direction = Direction.DOWN if baseline is not None and goal < baseline else Direction.UP
    found = judged(target(baseline, goal, direction=direction), value, as_of, stated_on=stated_on)
    assert found.status in TargetStatus
    assert (found.reason is None) == (found.status is not TargetStatus.NOT_AVAILABLE)


@given(VALUES, VALUES, VALUES, st.integers(90, 1825))
def test_up_and_down_are_mirror_images(baseline: int, goal: int, value: int, days: int) -> None:
    low, high = sorted((baseline, goal))
    as_of = BEGINS_ON + timedelta(days=days)
    up = judged(target(low, high, trajectory=Shape.LINEAR), value, as_of)
    down = judged(target(-low, -high, trajectory=Shape.LINEAR, direction=Direction.DOWN), -value, as_of)
    assert (up.status, up.measures.pace) == (down.status, down.measures.pace)


@given(st.integers(1, 10**15), st.integers(1, 10**15), st.integers(90, 1825))
def test_more_is_never_worse(one: int, other: int, days: int) -> None:
    order = ["deteriorating", "limited", "needs_acceleration", "on_track", "achieved"]
    low, high = (judged(target(), value, BEGINS_ON + timedelta(days=days)).status for value in sorted((one, other)))
    assert order.index(low) <= order.index(high)
