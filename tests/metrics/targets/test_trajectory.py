"""What a target expects on each day, and how fast its figure grows: the reference values of the design page."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.figures.rates import rounded, settled
from services.metrics.targets.trajectory import Shape, TargetMilestone, Trajectory
from tests.metrics.targets.promised import BEGINS_ON, BILLION, DUE_ON


def way(shape: Shape = Shape.GEOMETRIC, begin: int = 81 * BILLION // 10, end: int = 324 * BILLION // 10) -> Trajectory:
    return Trajectory(shape, begin, BEGINS_ON, end, DUE_ON)


def billions(trajectory: Trajectory, elapsed: Fraction) -> Decimal:
    """As the page prints it: bn yuan with four decimals."""
    shown = rounded(settled(trajectory.expected(elapsed)) / BILLION, 4)
    assert shown is not None
    return Decimal(shown).scaleb(-4)


@pytest.mark.parametrize(
    ("fifths", "linear", "geometric"),
    [
        (0, "8.10", "8.1000"),
        (1, "12.96", "10.6880"),
        (2, "17.82", "14.1029"),
        (3, "22.68", "18.6089"),
        (4, "27.54", "24.5546"),
        (5, "32.40", "32.4000"),
    ],
)
def test_reference_table_of_section_5_at_fifths_of_the_way(fifths: int, linear: str, geometric: str) -> None:
    assert billions(way(Shape.LINEAR), Fraction(fifths, 5)) == Decimal(linear)
    assert billions(way(), Fraction(fifths, 5)) == Decimal(geometric)


@pytest.mark.parametrize(("days", "geometric"), [(0, "8.1000"), (365, "10.6864"), (731, "14.1093"), (1826, "32.4000")])
def test_g_m1_the_way_is_measured_in_days_of_which_five_years_have_1826_and_two_731(days: int, geometric: str) -> None:
    elapsed = way().elapsed(BEGINS_ON + timedelta(days=days))
    assert elapsed == Fraction(days, 1826)
    assert billions(way(), elapsed) == Decimal(geometric)


@pytest.mark.parametrize(("bn", "pace"), [("14.0", "0.985"), ("12.0", "0.680"), ("9.0", "0.169"), ("8.0", "-0.019")])
def test_reference_ratios_of_section_5_at_two_fifths_exactly(bn: str, pace: str) -> None:
    assert paced(bn, Fraction(2, 5)) == Decimal(pace)


@pytest.mark.parametrize(("bn", "pace"), [("14.0", "0.984"), ("12.0", "0.679"), ("9.0", "0.169"), ("8.0", "-0.019")])
def test_g_m1_reference_ratios_two_years_on_by_days(bn: str, pace: str) -> None:
    assert paced(bn, way().elapsed(date(2020, 4, 30))) == Decimal(pace)


def test_reference_ratio_of_three_times_as_much_at_the_end() -> None:
    assert paced("24.3", Fraction(1)) == Decimal("0.769")


def paced(bn: str, elapsed: Fraction) -> Decimal:
    pace = way().pace(int(Decimal(bn) * BILLION), elapsed)
    assert pace is not None
    shown = rounded(pace, 3)
    assert shown is not None
    return Decimal(shown).scaleb(-3)


def test_milestones_are_reached_straight_from_one_to_the_next() -> None:
    corner = TargetMilestone(on=date(2020, 4, 30), value=100)
    trajectory = Trajectory(Shape.MILESTONES, 50, BEGINS_ON, 400, DUE_ON, [corner])
    assert trajectory.expected(trajectory.elapsed(corner.on)) == 100
    half = Fraction(731, 2 * 1826)
    assert trajectory.expected(half) == 75
    assert trajectory.pace(75, half) == 1
    assert trajectory.expected(Fraction(1)) == 400


@pytest.mark.parametrize(("begin", "end"), [(0, 100), (-50, 100), (100, -50), (100, 0), (100, 100)])
def test_what_cannot_grow_geometrically_is_measured_linearly(begin: int, end: int) -> None:
    trajectory = way(begin=begin, end=end)
    assert trajectory.method is Shape.LINEAR
    assert trajectory.expected(Fraction(1, 2)) == Fraction(begin + end, 2)
    assert trajectory.required_growth() is None


def test_a_loss_may_shrink_geometrically() -> None:
    trajectory = way(begin=-1600, end=-100)
    assert settled(trajectory.expected(Fraction(1, 2))) == -400
    assert settled(trajectory.pace(-400, Fraction(1, 2)) or 0) == 1


def test_what_is_gone_has_lost_everything() -> None:
    assert way(begin=100, end=400).observed_growth(0, Fraction(1, 5)) == -1
    assert way(begin=100, end=400).observed_growth(-7, Fraction(1, 5)) == -1


AMOUNTS = st.integers(1, 2**53 - 1)
SHARES = st.fractions(0, 1, max_denominator=36_525)


@given(AMOUNTS, AMOUNTS, st.sampled_from([Shape.LINEAR, Shape.GEOMETRIC]))
def test_every_way_begins_at_its_baseline_and_ends_at_its_goal(begin: int, end: int, shape: Shape) -> None:
    trajectory = way(shape, begin, end)
    assert [rounded(trajectory.expected(Fraction(at))) for at in (0, 1)] == [begin, end]


@given(AMOUNTS, AMOUNTS, SHARES, SHARES, st.sampled_from([Shape.LINEAR, Shape.GEOMETRIC]))
def test_no_way_turns_back(begin: int, end: int, one: Fraction, other: Fraction, shape: Shape) -> None:
    trajectory = way(shape, *sorted((begin, end)))
    low, high = (settled(trajectory.expected(each)) for each in sorted((one, other)))
    assert low <= high


@given(AMOUNTS, AMOUNTS, st.fractions(Fraction(1, 100), 1, max_denominator=36_525))
def test_who_is_where_the_way_expects_them_goes_as_fast_as_they_must(begin: int, end: int, elapsed: Fraction) -> None:
    trajectory = way(Shape.LINEAR, begin, end)
    if begin != end:
        expected = trajectory.expected(elapsed)
        assert expected == begin + (end - begin) * elapsed
    whole = way(Shape.GEOMETRIC, begin, end)
    if begin != end:
        assert settled(whole.pace(end, Fraction(1)) or 0) == 1


@given(st.integers(1, 10**6), st.integers(1, 40), st.integers(2, 9))
def test_a_root_that_is_rational_is_shown_as_such(begin: int, count: int, factor: int) -> None:
    assert settled(way(begin=begin, end=begin * factor**count).expected(Fraction(1, count))) == begin * factor
