"""Parts in proportion always sum to the whole, and each is at most one unit away from what is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.money import apportion

WEIGHTS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**6), min_size=1, max_size=12)
TOTALS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),
        (3100, {"first": 9, "second": 22}, {"first": 900, "second": 2200}),
        (2, {1: 1, 2: 1, 3: 1, 4: 1}, {1: 1, 2: 1, 3: 0, 4: 0}),
        (10, {"a": 0, "b": 5}, {"a": 0, "b": 10}),
        (7, {"b": 0, "a": 0}, {"b": 3, "a": 4}),
        (-100, {"a": 1, "b": 2}, {"a": -33, "b": -67}),
        (0, {"a": 3}, {"a": 0}),
    ],
)
def test_parts_are_as_worked_by_hand(total: int, weights: dict[str, int], parts: dict[str, int]) -> None:
    assert apportion(total, weights) == parts


@given(TOTALS, WEIGHTS)
def test_parts_sum_to_the_whole(total: int, weights: dict[str, int]) -> None:
    assert sum(apportion(total, weights).values()) == total


@given(TOTALS, WEIGHTS.filter(lambda weights: any(weights.values())))
def test_each_part_is_less_than_one_unit_away_from_what_is_exact(total: int, weights: dict[str, int]) -> None:
    whole = sum(weights.values())
    for key, part in apportion(total, weights).items():
        assert abs(part * whole - total * weights[key]) < whole


@given(TOTALS, WEIGHTS)
def test_the_order_of_the_shares_does_not_matter(total: int, weights: dict[str, int]) -> None:
    assert apportion(total, dict(reversed(weights.items()))) == apportion(total, weights)


def test_nothing_can_be_divided_among_nobody() -> None:
    with pytest.raises(ValueError, match="nothing to divide"):
        apportion(1, {})


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        apportion(1, {"a": 2, "b": -1})
