"""How far an application can come: its status, and the moves."""

from collections.abc import Mapping
from typing import Final

from services.contracts.incubator.jobs import ApplicationStatus

S = ApplicationStatus

ENDS: Final = frozenset({S.REJECTED, S.WITHDRAWN})
MOVES: Final[Mapping[ApplicationStatus, frozenset[ApplicationStatus]]] = {
    S.APPLIED: frozenset({S.SCREENING, S.INTERVIEW, S.OFFER, S.HIRED, *ENDS}),
    S.SCREENING: frozenset({S.APPLIED, S.INTERVIEW, S.OFFER, S.HIRED, *ENDS}),
    S.INTERVIEW: frozenset({S.SCREENING, S.OFFER, S.HIRED, *ENDS}),
    S.OFFER: frozenset({S.INTERVIEW, S.HIRED, S.DECLINED, *ENDS}),
    S.HIRED: frozenset({S.FELL_THROUGH}),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DECLINED: frozenset(),
    S.FELL_THROUGH: frozenset(),
}
"""Any later stage may follow, and the one before; what has ended stays ended."""
LIVE: Final = frozenset({S.APPLIED, S.SCREENING, S.INTERVIEW, S.OFFER})

_EARLY: Final = ["advance", "offer", "hire", "reject", "withdraw"]
ACTIONS: Final[Mapping[ApplicationStatus, list[str]]] = {
    S.APPLIED: _EARLY,
    S.SCREENING: _EARLY,
    S.INTERVIEW: _EARLY,
    S.OFFER: ["advance", "hire", "decline", "reject", "withdraw"],
    S.HIRED: ["fell_through"],
    S.REJECTED: [],
    S.WITHDRAWN: [],
    S.DECLINED: [],
    S.FELL_THROUGH: [],
}
