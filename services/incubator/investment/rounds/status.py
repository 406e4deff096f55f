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


S = RoundStatus

MOVES: Final[Mapping[RoundStatus, frozenset[RoundStatus]]] = {
    S.DRAFT: frozenset({S.OPEN, S.CANCELLED}),
    S.OPEN: frozenset({S.CLOSED, S.FAILED, S.CANCELLED}),
    S.CLOSED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}
ACTIONS: Final[Mapping[RoundStatus, list[str]]] = {
    S.DRAFT: ["open", "cancel"],
    S.OPEN: ["announce-closing", "close", "cancel"],
    S.CLOSED: [],
    S.FAILED: [],
    S.CANCELLED: [],
}
SHOWN_TO_ALL: Final = (S.OPEN, S.CLOSED, S.FAILED)
"""What was sought once, everyone may look at."""
