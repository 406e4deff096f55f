"""The checks of what the incubator keeps: a good end passes, and each thing that can be wrong is found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.deploy.chaos.offerings.conftest import Ended, Found, Kept


def test_what_the_incubator_makes_is_a_good_end(found: Found) -> None:
    assert found() == []


def test_its_commits_come_by_the_points_at_which_faults_kill(good_end: Ended) -> None:
    assert {"api", "job", "clock", "closing", "seat"} <= good_end.passed


def test_a_good_end_has_something_of_everything(good_end: Ended) -> None:
    kept = good_end.kept
    assert {each["status"] for each in kept["reservations"]} == {"no_show", "cancelled"}
    assert {each["status"] for each in kept["utility_bills"]} == {"finalised"}
    assert any(line["charge"]["source"] for invoice in kept["invoices"] for line in invoice["lines"])
    assert any(each["number"] for each in kept["invoices"])


def charged(kept: Kept) -> dict[str, Any]:
    """The invoice that gathers what bills and bookings cost."""
    return next(each for each in kept["invoices"] if each["number"] is None)


def booked_again(kept: Kept) -> None:
    """Another booking of an hour that somebody has, with no claim."""
    one = next(each for each in kept["reservations"] if each["status"] == "no_show")
    one["occurrences"][0]["status"] = one["status"] = "confirmed"
    kept["reservations"].append({**copy.deepcopy(one), "_id": f"rsv_{'9' * 32}"})


def swapped(kept: Kept) -> None:
    first, second = sorted(kept["utility_bills"], key=lambda bill: (bill["service_point_id"], bill["period"]))[:2]
    first["measured"], second["measured"] = second["measured"], first["measured"]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("lost", lambda kept: kept["reservations"].pop()),
        ("lost", lambda kept: kept["entries"].clear()),
        ("lost", lambda kept: kept["readings"].clear() or kept["utility_bills"].clear()),
        ("lost", lambda kept: kept["service_points"][0].update(version=0)),
        ("doubled", lambda kept: kept["reservations"].append({**kept["reservations"][0], "_id": f"rsv_{'9' * 32}"})),
        ("doubled", lambda kept: kept["readings"].append({**kept["readings"][-1], "_id": f"rdg_{'9' * 32}"})),
        ("doubled", booked_again),
        ("wrong", booked_again),
        ("wrong", lambda kept: kept.setdefault("claims", []).append({"_id": "slot|res_1:0:1", "holder": "rsv_1"})),
        ("wrong", lambda kept: kept["entries"][0]["lines"][0].update(debit=1)),
        ("wrong", lambda kept: kept["entries"][0].update(number=7)),
        ("wrong", lambda kept: kept["turnovers"].pop()),
        ("wrong", lambda kept: kept["turnovers"][0].update(debit=kept["turnovers"][0]["debit"] + 1)),
        ("wrong", lambda kept: kept["accounts"][0].update(credit=1)),
        ("wrong", lambda kept: kept["books"][0].update(turnover=0)),
        ("wrong", lambda kept: next(each for each in kept["invoices"] if each["number"]).update(number=2)),
        ("wrong", lambda kept: kept["books"][0]["last_numbers"].update({"2020-01": 9})),
        ("wrong", swapped),
        ("doubled", lambda kept: kept["utility_bills"][0]["measured"]["own"].update(value="1")),
        ("doubled", lambda kept: charged(kept)["lines"].append(copy.deepcopy(charged(kept)["lines"][0]))),
        ("lost", lambda kept: charged(kept)["lines"].pop()),
    ],
)
def test_whatever_is_wrong_is_found(found: Found, kind: str, change: Callable[[Kept], object]) -> None:
    assert kind in found(change)
