"""How far an application for a cohort can come: its status, and the moves."""

from collections.abc import Mapping
from typing import Final

from services.contracts.incubator.startups.programmes import AdmissionStatus

S = AdmissionStatus

DECIDED_WITHOUT: Final = frozenset({S.REJECTED, S.WAITLISTED, S.WITHDRAWN})
MOVES: Final[Mapping[AdmissionStatus, frozenset[AdmissionStatus]]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.DRAFT, S.SCREENING, *DECIDED_WITHOUT}),
    S.SCREENING: frozenset({S.INTERVIEW, *DECIDED_WITHOUT}),
    S.INTERVIEW: frozenset({S.ACCEPTED, *DECIDED_WITHOUT}),
    S.WAITLISTED: frozenset({S.ACCEPTED, S.REJECTED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.ENROLLED, S.WITHDRAWN}),
    S.ENROLLED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
LIVE: Final = tuple(status for status, following in MOVES.items() if following)
"""By these it can still come to something, or be withdrawn."""
LAST_RANK: Final = 1001
"""The place on the waiting list of who was given none: after the last that can be given."""
SCORABLE: Final = (S.SUBMITTED, S.SCREENING, S.INTERVIEW, S.WAITLISTED)

ACTIONS: Final[Mapping[AdmissionStatus, list[str]]] = {
    S.DRAFT: ["change", "submit", "withdraw"],
    S.SUBMITTED: ["reopen", "screen", "reject", "waitlist", "withdraw"],
    S.SCREENING: ["interview", "reject", "waitlist", "withdraw"],
    S.INTERVIEW: ["accept", "reject", "waitlist", "withdraw"],
    S.WAITLISTED: ["reject", "withdraw"],
    S.ACCEPTED: ["enrol", "withdraw"],
    S.ENROLLED: [],
    S.REJECTED: [],
    S.WITHDRAWN: [],
}
