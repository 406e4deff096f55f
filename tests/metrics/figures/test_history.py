"""What changed on each day, and how long a member had a value."""

from typing import Any

import pytest

from services.metrics.figures.entity import Fact
from services.metrics.figures.history import changes, days_in

suspension = days_in("status", "suspended", until="active")


def history(*stated: tuple[str, dict[str, Any]]) -> list[Fact]:
    return [Fact(on=on, subject="biz_1", sequence=place, set=members) for place, (on, members) in enumerate(stated)]


def measured(*stated: tuple[str, dict[str, Any]]) -> dict[str, int]:
    """The day on which a suspension was over → how many days it had lasted."""
    found = {change.on: suspension(change) for change in changes(history(*stated))}
    return {on: days for on, days in found.items() if days is not None}


def test_a_change_knows_what_was_true_before_and_after_its_day_and_since_when() -> None:
    first, second = changes(
        history(("2026-03-02", {"a": 1}), ("2026-03-02", {"a": 2, "b": 1}), ("2026-04-01", {"b": 2}))
    )
    assert (first.before, first.said, first.after, first.since) == ({}, {"a": 2, "b": 1}, {"a": 2, "b": 1}, {})
    assert (second.before, second.said, second.after) == ({"a": 2, "b": 1}, {"b": 2}, {"a": 2, "b": 2})
    assert second.since == {"a": "2026-03-02", "b": "2026-03-02"}


def test_a_length_of_time_is_measured_on_the_day_on_which_it_is_over() -> None:
    known = ("2026-03-02", {"status": "active"})
    assert measured(known, ("2026-04-01", {"status": "suspended"})) == {}
    over = measured(known, ("2026-04-01", {"status": "suspended"}), ("2026-05-01", {"status": "active"}))
    assert over == {"2026-05-01": 30}


def test_what_is_said_again_has_lasted_since_it_was_said_first() -> None:
    assert measured(
        ("2026-04-01", {"status": "suspended"}),
        ("2026-04-20", {"status": "suspended"}),
        ("2026-05-01", {"status": "active"}),
    ) == {"2026-05-01": 30}


def test_what_left_a_value_and_came_back_within_a_day_was_never_away() -> None:
    assert measured(
        ("2026-04-01", {"status": "suspended"}),
        ("2026-04-20", {"status": "active"}),
        ("2026-04-20", {"status": "suspended"}),
        ("2026-05-01", {"status": "active"}),
    ) == {"2026-05-01": 30}


@pytest.mark.parametrize("other", [{"status": "dissolved"}, {"employees": 7}])
def test_only_the_end_that_was_asked_for_is_measured(other: dict[str, Any]) -> None:
    assert measured(("2026-04-01", {"status": "suspended"}), ("2026-05-01", other)) == {}
