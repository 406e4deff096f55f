"""How far an allocation can come: its status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class AllocationStatus(StrEnum):
    """How far an allocation has come."""

    CONFIRMED = "confirmed"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


S = AllocationStatus

MOVES: Final[Mapping[AllocationStatus, frozenset[AllocationStatus]]] = {
    S.CONFIRMED: frozenset({S.RUNNING, S.CANCELLED}),
    S.RUNNING: frozenset({S.ENDED}),
    S.ENDED: frozenset(),
    S.CANCELLED: frozenset(),
}

ACTIONS: Final[Mapping[AllocationStatus, list[str]]] = {
    S.CONFIRMED: ["change", "cancel"],
    S.RUNNING: ["change"],
    S.ENDED: ["change"],
}
"""What can be done to it by its status; one that has ended is only ever found to have ended before."""
