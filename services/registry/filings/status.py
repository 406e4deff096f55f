"""How far a filing can come: its status, the moves, and what a caller can do in each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal


class FilingStatus(StrEnum):
    """How far a filing has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


S = FilingStatus

MOVES: Final[Mapping[FilingStatus, frozenset[FilingStatus]]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN, S.LAPSED}),
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.APPROVED, S.WITHDRAWN}),
    S.IN_REVIEW: frozenset({S.SUBMITTED, S.CHANGES_REQUESTED, S.APPROVED, S.REJECTED, S.WITHDRAWN}),
    S.CHANGES_REQUESTED: frozenset({S.SUBMITTED, S.IN_REVIEW, S.WITHDRAWN, S.LAPSED}),
    S.APPROVED: frozenset({S.COMPLETED, S.WITHDRAWN}),
    S.COMPLETED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.LAPSED: frozenset(),
}

UNDECIDED: Final = (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED)
"""Nobody has found it good or bad yet."""

UNDER_WAY: Final = (S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED, S.APPROVED)

Action = Literal["change", "submit", "withdraw", "assign", "approve", "reject"]

ACTIONS: Final[Mapping[Action, frozenset[FilingStatus]]] = {
    "change": frozenset({S.DRAFT}),
    "submit": frozenset({S.DRAFT}),
    "withdraw": frozenset({*UNDECIDED, S.APPROVED}),
    "assign": frozenset({S.SUBMITTED}),
    "approve": frozenset({S.IN_REVIEW}),
    "reject": frozenset({S.IN_REVIEW}),
}
"""What a caller can do to a filing, and the statuses in which it can be done."""
