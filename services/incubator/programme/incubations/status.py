"""How far an incubation and its milestones can come: their status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class IncubationStatus(StrEnum):
    """Whether a business incubates, and how that ended."""

    ACTIVE = "active"
    EXTENDED = "extended"
    GRADUATED = "graduated"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class MilestoneStatus(StrEnum):
    """Whether a milestone is reached."""

    OPEN = "open"
    MISSED = "missed"
    MET = "met"


S = IncubationStatus
M = MilestoneStatus

ENDS: Final = frozenset({S.GRADUATED, S.WITHDRAWN, S.TERMINATED})
MOVES: Final[Mapping[IncubationStatus, frozenset[IncubationStatus]]] = {
    S.ACTIVE: frozenset({S.EXTENDED, *ENDS}),
    S.EXTENDED: frozenset({S.EXTENDED, *ENDS}),
    S.GRADUATED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.TERMINATED: frozenset(),
}
LIVE: Final = (S.ACTIVE, S.EXTENDED)

_RUNNING: Final = ["add_milestone", "meet_milestone", "extend", "graduate", "withdraw", "terminate"]
ACTIONS: Final[Mapping[IncubationStatus, list[str]]] = {
    S.ACTIVE: _RUNNING,
    S.EXTENDED: _RUNNING,
    S.GRADUATED: ["report_outcome"],
    S.WITHDRAWN: [],
    S.TERMINATED: [],
}
MILESTONE_MOVES: Final[Mapping[MilestoneStatus, frozenset[MilestoneStatus]]] = {
    M.OPEN: frozenset({M.MISSED, M.MET}),
    M.MISSED: frozenset({M.MET}),
    M.MET: frozenset(),
}
"""What was missed may still be reached, late."""
