"""How far a round can come: its status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RoundStatus(StrEnum):
    """How far a round has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"
    """It was called off before it was open, and nobody but its owner ever saw it."""


S = RoundStatus

MOVES: Final[Mapping[RoundStatus, frozenset[RoundStatus]]] = {
    S.DRAFT: frozenset({S.OPEN, S.DISCARDED}),
    S.OPEN: frozenset({S.CLOSED, S.FAILED, S.CANCELLED}),
    S.CLOSED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
    S.DISCARDED: frozenset(),
}
ACTIONS: Final[Mapping[RoundStatus, list[str]]] = {
    S.DRAFT: ["open", "cancel"],
    S.OPEN: ["announce-closing", "close", "cancel"],
    S.CLOSED: [],
    S.FAILED: [],
    S.CANCELLED: [],
    S.DISCARDED: [],
}
SHOWN_TO_ALL: Final = (S.OPEN, S.CLOSED, S.FAILED, S.CANCELLED)
"""What was sought once, everyone may look at: who took part in it sees what became of it."""
