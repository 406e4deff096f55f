"""What is tried on the operations in turn is tried on all of them together."""

from collections.abc import Callable, Iterable

import pytest

from tests.e2e import wrong
from tests.e2e.wrong import Attempt, Operation, in_turn
from tests.public_document import public_document

OPERATIONS = [each for each in wrong.operations(public_document()) if each.examples]


@pytest.mark.parametrize("wrongs", [wrong.unreadable, wrong.wrongly_labelled, wrong.wrong_headers])
def test_every_attempt_is_made_on_some_operation(wrongs: Callable[[Operation, str], Iterable[Attempt]]) -> None:
    known = {attempt.about for each in OPERATIONS for attempt in wrongs(each, each.path)}
    tried = {attempt.about for each in OPERATIONS for attempt in in_turn(each, wrongs(each, each.path), one_of=4)}
    assert tried == known


def test_every_operation_sees_some_attempt() -> None:
    for each in OPERATIONS:
        assert in_turn(each, wrong.wrong_headers(each, each.path), one_of=4)
