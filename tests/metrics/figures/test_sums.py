"""What sums of buckets say: quotients that are rounded once, and percentiles of a histogram."""

from decimal import ROUND_HALF_UP, Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.figures.sums import Excluded, Sum, nearest_rank, rounded_ratio


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (2, 3, 1), (5, 2, 3), (-5, 2, -3), (5, -2, -3), (0, 7, 0), (7, 0, None)],
)
def test_a_quotient_is_rounded_half_up_and_away_from_zero(numerator: int, denominator: int, value: int | None) -> None:
    assert rounded_ratio(numerator, denominator) == value


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_a_quotient_is_rounded_as_decimal_arithmetic_does_it(numerator: int, denominator: int) -> None:
    exact = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    assert rounded_ratio(numerator, denominator) == int(exact)


@pytest.mark.parametrize(
    ("hist", "ranks"),
    [
        ({}, [None, None, None]),
        ({"7": 1}, [7, 7, 7]),
        ({"7": 1, "9": 1}, [7, 9, 9]),
        ({"10": 18, "2": 1, "30": 1}, [10, 10, 10]),
        ({"10": 17, "2": 1, "30": 2}, [10, 10, 30]),
        ({"7": 0, "9": 3}, [9, 9, 9]),
        ({"7": 0}, [None, None, None]),
    ],
    ids=["none", "one", "two", "twenty", "a tail", "one that was taken back", "all taken back"],
)
def test_a_percentile_is_the_value_of_its_nearest_rank(hist: dict[str, int], ranks: list[int | None]) -> None:
    assert nearest_rank(hist, [50, 90, 95]) == ranks


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_what_sorting_all_values_gives(values: list[int], percent: int) -> None:
    hist = {str(value): values.count(value) for value in values}
    assert nearest_rank(hist, [percent]) == [sorted(values)[ceil(percent * len(values) / 100) - 1]]


def test_two_sums_together_leave_both_as_they_were() -> None:
    one = Sum(n=1, m=5, d=2, hist={"3": 1}, excluded={"USD": Excluded(n=1, m=7)})
    both = one.plus(one)
    assert both == Sum(n=2, m=10, d=4, hist={"3": 2}, excluded={"USD": Excluded(n=2, m=14)})
    assert one == Sum(n=1, m=5, d=2, hist={"3": 1}, excluded={"USD": Excluded(n=1, m=7)})
