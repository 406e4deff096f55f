"""How far a commitment can come: its status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CommitmentStatus(StrEnum):
    """How far a commitment has come."""

    PLEDGED = "pledged"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    FUNDED = "funded"
    ALLOTTED = "allotted"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    RELEASED = "released"


S = CommitmentStatus

MOVES: Final[Mapping[CommitmentStatus, frozenset[CommitmentStatus]]] = {
    S.PLEDGED: frozenset({S.ACCEPTED, S.CANCELLED, S.LAPSED, S.RELEASED}),
    S.WAITLISTED: frozenset({S.PLEDGED, S.CANCELLED, S.LAPSED, S.RELEASED}),
    S.ACCEPTED: frozenset({S.FUNDED, S.ALLOTTED, S.CANCELLED, S.LAPSED, S.RELEASED}),
    S.FUNDED: frozenset({S.ALLOTTED, S.CANCELLED, S.LAPSED, S.RELEASED}),
    S.ALLOTTED: frozenset(),
    S.CANCELLED: frozenset(),
    S.LAPSED: frozenset(),
    S.RELEASED: frozenset(),
}
LIVE: Final = (S.PLEDGED, S.WAITLISTED, S.ACCEPTED, S.FUNDED)
"""What is not over."""
COUNTED: Final = (S.PLEDGED, S.ACCEPTED, S.FUNDED)
"""What takes room in its round."""
UNTAKEN: Final = (S.PLEDGED, S.WAITLISTED)
"""What is promised, and nobody has taken yet."""
TAKEN: Final = (S.ACCEPTED, S.FUNDED)
"""What the business took: it is allotted at the close."""

ACTIONS: Final[Mapping[CommitmentStatus, list[str]]] = {
    S.PLEDGED: ["accept", "cancel", "release"],
    S.WAITLISTED: ["cancel", "release"],
    S.ACCEPTED: ["fund", "cancel", "release"],
    S.FUNDED: ["cancel", "release"],
    S.ALLOTTED: [],
    S.CANCELLED: [],
    S.LAPSED: [],
    S.RELEASED: [],
}
