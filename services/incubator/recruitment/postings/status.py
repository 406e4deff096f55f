"""How far a posting can come: its status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class PostingStatus(StrEnum):
    """Whether people are sought by a posting."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    FILLED = "filled"
    CLOSED = "closed"
    EXPIRED = "expired"


S = PostingStatus

MOVES: Final[Mapping[PostingStatus, frozenset[PostingStatus]]] = {
    S.DRAFT: frozenset({S.PUBLISHED}),
    S.PUBLISHED: frozenset({S.PAUSED, S.FILLED, S.CLOSED, S.EXPIRED}),
    S.PAUSED: frozenset({S.PUBLISHED, S.FILLED, S.CLOSED, S.EXPIRED}),
    S.FILLED: frozenset({S.PUBLISHED, S.CLOSED}),
    S.CLOSED: frozenset(),
    S.EXPIRED: frozenset({S.FILLED}),
}
"""Who applied in time may still be hired after the last day, so that an expired posting can be filled."""

ACTIONS: Final[Mapping[PostingStatus, list[str]]] = {
    S.DRAFT: ["publish"],
    S.PUBLISHED: ["pause", "close"],
    S.PAUSED: ["publish", "close"],
    S.FILLED: ["close"],
    S.CLOSED: [],
    S.EXPIRED: [],
}
SHOWN_TO_ALL: Final = tuple(status for status in PostingStatus if status is not S.DRAFT)
"""What was posted once, everyone may look at: who comes by an old link is told what became of it."""
CHANGEABLE: Final = (S.DRAFT, S.PUBLISHED, S.PAUSED, S.FILLED)
HIRING: Final = (S.PUBLISHED, S.PAUSED, S.EXPIRED)
"""By these somebody can be hired, while openings are left."""
