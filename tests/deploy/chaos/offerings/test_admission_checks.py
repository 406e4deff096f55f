"""The checks of whom a programme took: each thing that can be wrong at the end of a run is found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.deploy.chaos.offerings.conftest import Ended, Found, Kept


def test_a_good_end_has_seats_that_were_passed_on(good_end: Ended) -> None:
    kept = good_end.kept
    assert {each["status"] for each in kept["programme_applications"]} == {
        "interview",
        "accepted",
        "waitlisted",
        "withdrawn",
    }


def one(kept: Kept, status: str) -> dict[str, Any]:
    """An application that has come so far."""
    return next(each for each in kept["programme_applications"] if each["status"] == status)


def cohort_of(kept: Kept, application: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in kept["cohorts"] if each["_id"] == application["cohort_id"])


def given_twice(kept: Kept) -> None:
    """The one seat of a cohort to another too, in step with what the cohort counts."""
    seated = one(kept, "accepted")
    other = next(
        each
        for each in kept["programme_applications"]
        if each["cohort_id"] == seated["cohort_id"] and each["status"] == "waitlisted"
    )
    other["status"] = "accepted"
    cohort_of(kept, seated)["seats_taken"] += 1


def given_back(kept: Kept) -> None:
    """A seat that was given back and not given to who waits."""
    seated = one(kept, "accepted")
    seated.update(status="withdrawn", vacated=True)
    cohort_of(kept, seated)["seats_taken"] -= 1


def told_again(kept: Kept) -> None:
    told = next(each for each in kept["outbox"] if each["type"] == "zone.incubator.application.accepted.v1")
    kept["outbox"].append({**copy.deepcopy(told), "_id": f"{told['_id'].rpartition(':')[0]}:0000000099"})


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("doubled", given_twice),
        ("lost", given_back),
        ("doubled", told_again),
        ("wrong", lambda kept: kept["cohorts"][0].update(seats_taken=7)),
        ("wrong", lambda kept: kept["cohorts"][0].update(drafts=7)),
        ("wrong", lambda kept: one(kept, "waitlisted").update(waitlisted_at=None)),
        ("lost", lambda kept: one(kept, "waitlisted").update(status="accepted")),
        ("lost", lambda kept: one(kept, "withdrawn").update(status="waitlisted")),
        ("lost", lambda kept: one(kept, "accepted").update(version=0)),
    ],
)
def test_whatever_is_wrong_is_found(found: Found, kind: str, change: Callable[[Kept], object]) -> None:
    assert kind in found(change)
