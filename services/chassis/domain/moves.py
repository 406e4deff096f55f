"""State as one table: from each state, the states that may follow it. The first state is the one a life begins in."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import TypeVar

from services.chassis.domain.errors import Conflict

S = TypeVar("S", bound=StrEnum)


def move(current: S, to: S, moves: Mapping[S, AbstractSet[S]], *, allowed_actions: Sequence[str] = ()) -> S:
    """The state `to`, where the table has this move.

    Args:
        allowed_actions: what the caller may do instead; part of the refusal.

    Raises:
        Conflict: `invalid_transition`, with `current_status` and `allowed_actions`.
    """
    if to not in moves[current]:
        raise invalid_transition(current, allowed_actions)
    return to


def invalid_transition(current: StrEnum, allowed_actions: Sequence[str]) -> Conflict:
    """The refusal of an action that does not fit the present state (`status` of a problem is its HTTP status)."""
    return Conflict(
        f"This is not possible while the status is {current}.",
        code="invalid_transition",
        current_status=current.value,
        allowed_actions=list(allowed_actions),
    )


def mermaid(moves: Mapping[S, AbstractSet[S]]) -> str:
    """The table as a Mermaid state diagram, for the service's README."""
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(moves))}"]
    for state, following in moves.items():
        lines += [f"    {state} --> {to}" for to in moves if to in following]
        lines += [f"    {state} --> [*]"] if not following else []
    return "\n".join(lines)
