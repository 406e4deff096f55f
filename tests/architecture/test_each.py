"""A test of each of many fails for every one that is wrong, and names it."""

import pytest

from tests.each import of_each


def judge_even(number: int) -> None:
    assert number % 2 == 0


def test_what_is_right_for_all_passes() -> None:
    of_each("number", [2, 4])(judge_even)()


def test_each_that_is_wrong_is_named() -> None:
    with pytest.raises(BaseExceptionGroup, match="2 of 3") as caught:
        of_each("number", [1, 2, 3])(judge_even)()
    assert [failure.__notes__ for failure in caught.value.exceptions] == [["of 1"], ["of 3"]]


def test_nothing_to_judge_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="nothing to judge"):
        of_each("number", [])(judge_even)()


@of_each(("first", "second"), [(1, 2), (2, 4)])
def test_parts_and_fixtures_are_given_by_their_names(first: int, second: int, request: pytest.FixtureRequest) -> None:
    assert second == 2 * first
    assert request.node.name == "test_parts_and_fixtures_are_given_by_their_names"
