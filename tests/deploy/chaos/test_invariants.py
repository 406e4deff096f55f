"""What must hold in the middle of everything, and is looked at before a resync would mend it."""

from typing import Any

import pytest

from deploy.chaos.invariants import behind_consumer, behind_relays
from tests.deploy.chaos.test_checks import BUSINESS, HOME, a_good_end

FIRST, SECOND = f"{BUSINESS}:0000000001", f"{BUSINESS}:0000000002"


@pytest.fixture
def log() -> Any:
    """Both events of a business, at the offsets 0 and 1 of its partition."""
    records = a_good_end().log[:2]
    placed = [each._replace(partition=HOME.number, offset=n) for n, each in enumerate(records)]
    return [(record, record.envelope()) for record in placed]


def test_what_is_behind_a_relay_is_in_the_log(log: Any) -> None:
    assert list(behind_relays({"registry": [FIRST, SECOND]}, log)) == []


def test_an_event_behind_a_relay_that_is_not_in_the_log_is_found(log: Any) -> None:
    assert len(list(behind_relays({"registry": [FIRST, SECOND]}, log[:1]))) == 1


@pytest.mark.parametrize(
    ("next", "parked", "sequence", "holes"),
    [
        (2, set(), 2, 0),
        (2, {SECOND}, 1, 0),
        (1, set(), 1, 0),
        (2, set(), 1, 1),
        (2, set(), 0, 2),
    ],
)
def test_a_record_that_a_consumer_has_passed_took_effect_or_is_parked(
    log: Any, next: int, parked: set[str], sequence: int, holes: int
) -> None:
    inbox = {BUSINESS: {"sequence": sequence}}
    assert len(list(behind_consumer("metrics", {HOME: next}, log, parked, inbox))) == holes
