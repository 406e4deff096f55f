"""State as a table: moves that are in it, moves that are not, and its picture."""

from enum import StrEnum

import pytest

from services.chassis.domain.errors import Conflict
from services.chassis.domain.moves import mermaid, move


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


MOVES: dict[Light, set[Light]] = {
    Light.RED: {Light.GREEN, Light.BROKEN},
    Light.GREEN: {Light.RED},
    Light.BROKEN: set(),
}


def test_a_move_that_the_table_has_gives_the_new_state() -> None:
    assert move(Light.RED, Light.GREEN, MOVES) is Light.GREEN


def test_every_other_move_is_refused_with_the_state_and_what_is_possible_instead() -> None:
    with pytest.raises(Conflict) as refused:
        move(Light.BROKEN, Light.RED, MOVES, allowed_actions=["repair"])
    assert refused.value.code == "invalid_transition"
    assert refused.value.members == {"current_status": "broken", "allowed_actions": ["repair"]}


def test_the_picture_begins_with_the_first_state_and_ends_where_nothing_follows() -> None:
    assert mermaid(MOVES).splitlines() == [
        "stateDiagram-v2",
        "    [*] --> red",
        "    red --> green",
        "    red --> broken",
        "    green --> red",
        "    broken --> [*]",
    ]
