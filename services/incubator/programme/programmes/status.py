"""How far programmes and cohorts can come: their status, and the moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ProgramStatus(StrEnum):
    """Whether a programme has cohorts."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class CohortStatus(StrEnum):
    """Whether a cohort takes applications, judges them, or runs."""

    PLANNED = "planned"
    OPEN = "open"
    REVIEWING = "reviewing"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


P = ProgramStatus
C = CohortStatus

PROGRAM_MOVES: Final[Mapping[ProgramStatus, frozenset[ProgramStatus]]] = {
    P.DRAFT: frozenset({P.OPEN}),
    P.OPEN: frozenset({P.CLOSED}),
    P.CLOSED: frozenset(),
}
PROGRAM_ACTIONS: Final[Mapping[ProgramStatus, list[str]]] = {
    P.DRAFT: ["change", "open"],
    P.OPEN: ["change", "close"],
    P.CLOSED: [],
}
COHORT_MOVES: Final[Mapping[CohortStatus, frozenset[CohortStatus]]] = {
    C.PLANNED: frozenset({C.OPEN, C.CANCELLED}),
    C.OPEN: frozenset({C.REVIEWING, C.CANCELLED}),
    C.REVIEWING: frozenset({C.RUNNING, C.CANCELLED}),
    C.RUNNING: frozenset({C.FINISHED}),
    C.FINISHED: frozenset(),
    C.CANCELLED: frozenset(),
}
COHORT_ACTIONS: Final[Mapping[CohortStatus, list[str]]] = {
    C.PLANNED: ["cancel"],
    C.OPEN: ["correct", "cancel"],
    C.REVIEWING: ["promote", "cancel"],
    C.RUNNING: ["promote"],
    C.FINISHED: [],
    C.CANCELLED: [],
}
"""The clock opens it, ends the time for applications, starts and finishes it."""
SEATING: Final = (C.REVIEWING, C.RUNNING)
"""By these a seat is given."""
