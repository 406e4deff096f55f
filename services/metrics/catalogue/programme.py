"""Programmes: who applies, who incubates, and what becomes of those who graduate, with the KPIs that follow."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from services.chassis.domain.events import Event
from services.chassis.domain.times import rfc3339, zone_date
from services.contracts.incubator.startups.incubations import (
    IncubationGraduated,
    IncubationStarted,
    IncubationTerminated,
    IncubationWithdrawn,
    Outcome,
    OutcomeReported,
)
from services.contracts.incubator.startups.programmes import (
    ApplicationAccepted,
    ApplicationRejected,
    ApplicationSubmitted,
    ApplicationWaitlisted,
    ApplicationWithdrawn,
    CohortId,
    ProgramId,
)
from services.metrics.catalogue.dimensions.outcomes import outcome_among
from services.metrics.catalogue.offices import Office
from services.metrics.figures.anniversaries import months_on
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.history import Change
from services.metrics.figures.kept import Dist, Flow, Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.subject import DatedFacts, Subject

HOUR: Final = timedelta(hours=1)
FOLLOWED_FOR: Final = (12, 24, 36, 60)
"""After so many months somebody looks at what became of a graduate."""
SURVIVING: Final = frozenset({Outcome.OPERATING, Outcome.ACQUIRED, Outcome.IPO})

PROGRAMME: Final = Dimension("programme", ProgramId, of=lambda state: str(state["programme"]), about="A programme.")


def of_incubation(event: Event) -> Iterator[DatedFacts]:
    """What an event says of an incubation, on the days that it names.

    A graduation names the days as well on which somebody looks at what became of the business: months are added at
    once, with the day clamped to the end of the month.
    """
    match event:
        case IncubationStarted():
            dims = {"programme": event.program_id, "cohort": event.cohort_id}
            yield event.starts_on.isoformat(), {"begun": True, **dims}
        case IncubationGraduated():
            yield event.graduated_on.isoformat(), {"ended": True, "graduated": True, "graduates": 1}
            for months in FOLLOWED_FOR:
                yield months_on(event.graduated_on, months).isoformat(), {"months_since": months}
        case IncubationWithdrawn() | IncubationTerminated():
            yield event.ended_on.isoformat(), {"ended": True, "graduates": 0}
        case OutcomeReported():
            seen = event.observed_on.isoformat()
            yield seen, {"outcome": str(event.outcome), "seen_on": seen}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def followed(months: int) -> Callable[[Change], int | None]:
    """One on the day so many months after the graduation, where it is known what had become of the business by then.

    That is known where it was seen on that day or later, or has closed, as there is nothing more to see then.
    """

    def counted(change: Change) -> int | None:
        if change.said.get("months_since") != months:
            return None
        is_known = change.last.get("seen_on", "") >= change.on or change.last.get("outcome") == Outcome.CLOSED
        return 1 if is_known else None

    counted.__name__ = f"followed({months} months)"
    return counted


def survived(months: int) -> Callable[[Change], int | None]:
    """The same, but 0 where it was neither operating, acquired nor public as it was seen last before."""

    def counted(change: Change) -> int | None:
        operates = change.after.get("outcome", Outcome.OPERATING) in SURVIVING
        return None if followed(months)(change) is None else int(operates)

    counted.__name__ = f"survived({months} months)"
    return counted


INCUBATION_ENDS: Final = (IncubationStarted, IncubationGraduated, IncubationWithdrawn, IncubationTerminated)

INCUBATING: Final = Stock(
    "startups_incubating",
    name=Name("Start-ups incubating", "在孵企业数"),
    owner=Office.INCUBATION,
    of="begun",
    unit="startups",
    formula="incubations from their first day on, until they have ended",
    events=INCUBATION_ENDS,
)
GRADUATIONS: Final = Flow(
    "graduations",
    name=Name("Graduations", "毕业企业数"),
    owner=Office.INCUBATION,
    of="graduated",
    unit="startups",
    formula="incubations that ended with graduation, by its day",
    events=(IncubationStarted, IncubationGraduated),
)
GRADUATION_RATE: Final = Ratio(
    "graduation_rate",
    name=Name("Graduation rate", "孵化毕业率"),
    owner=Office.INCUBATION,
    numerator="graduates",
    denominator="ended",
    timing="flow",
    unit=RATIO,
    formula="graduated / (graduated + withdrawn + terminated), by the day on which the incubation ended",
    events=INCUBATION_ENDS,
)
SURVIVALS: Final = tuple(
    Ratio(
        f"survival_{months}_months",
        name=Name(f"Survival {months} months after graduation", f"毕业后{months}个月存活率"),
        owner=Office.INCUBATION,
        numerator=survived(months),
        denominator=followed(months),
        timing="flow",
        unit=RATIO,
        formula=(
            f"graduates operating, acquired or public {months} months after graduation / graduates seen then or later, "
            "or closed; others are not counted, not dead; by that day"
        ),
        events=(IncubationStarted, IncubationGraduated, OutcomeReported),
    )
    for months in FOLLOWED_FOR
)

INCUBATION: Final = Subject(
    "incubation",
    heard_of=("inc",),
    events=(*INCUBATION_ENDS, OutcomeReported),
    id_of=lambda event: event.incubation_id,
    facts=of_incubation,
    known_by="begun",
    counted_while=lambda state: "ended" not in state,
    dimensions=(
        PROGRAMME,
        Dimension("cohort", CohortId, of=lambda state: str(state["cohort"]), about="A cohort of a programme."),
    ),
    kpis=(INCUBATING, GRADUATIONS, GRADUATION_RATE, *SURVIVALS),
)
"""An incubation counts from its first day on, until it has ended."""


def of_admission(event: Event) -> Iterator[DatedFacts]:
    """What an event says of an application for a cohort: when it was submitted, when and how it was decided."""
    moment = event.envelope.effective
    on, at = zone_date(moment).isoformat(), rfc3339(moment)
    match event:
        case ApplicationSubmitted():
            yield on, {"submitted_at": at, "programme": event.program_id}
        case ApplicationAccepted():
            yield on, {"decided_at": at, "outcome": "accepted"}
        case ApplicationRejected():
            yield on, {"decided_at": at, "outcome": "rejected"}
        case ApplicationWaitlisted():
            yield on, {"decided_at": at, "outcome": "waitlisted"}
        case ApplicationWithdrawn():
            yield on, {"withdrawn": True}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def hours_to_decision(change: Change) -> int | None:
    """Whole hours, rounded up, from the first submission to the first decision, on the day of that one."""
    if "decided_at" not in change.said or "decided_at" in change.before or "submitted_at" not in change.first:
        return None
    submitted, decided = (datetime.fromisoformat(change.first[name]) for name in ("submitted_at", "decided_at"))
    return -((submitted - decided) // HOUR)


def withdrawn_undecided(change: Change) -> bool | None:
    """Whether an application was withdrawn before anybody decided."""
    return True if "withdrawn" in change.said and "decided_at" not in change.after else None


DECISIONS: Final = (ApplicationSubmitted, ApplicationAccepted, ApplicationRejected, ApplicationWaitlisted)

APPLICATION_CYCLE_HOURS: Final = Dist(
    "application_cycle_hours",
    name=Name("Hours to decide an application", "入孵申请审批时长"),
    owner=Office.INCUBATION,
    of=hours_to_decision,
    unit="hours",
    formula=(
        "whole hours, rounded up, from the first submission to the first decision, by the day of that decision; "
        "what was withdrawn before is not counted; the median"
    ),
    events=DECISIONS,
)
APPLICATIONS_WITHDRAWN: Final = Flow(
    "applications_withdrawn",
    name=Name("Applications withdrawn undecided", "决定前撤回的入孵申请数"),
    owner=Office.INCUBATION,
    of=withdrawn_undecided,
    unit="applications",
    formula="applications that were submitted, and withdrawn before a decision",
    events=(*DECISIONS, ApplicationWithdrawn),
)

ADMISSION: Final = Subject(
    "admission",
    heard_of=("app",),
    events=(*DECISIONS, ApplicationWithdrawn),
    id_of=lambda event: event.application_id,
    facts=of_admission,
    known_by="submitted_at",
    counted_while=lambda state: False,
    dimensions=(
        PROGRAMME,
        outcome_among("accepted", "rejected", "waitlisted", "withdrawn", otherwise="withdrawn"),
    ),
    pairs=(("programme", "outcome"),),
    kpis=(APPLICATION_CYCLE_HOURS, APPLICATIONS_WITHDRAWN),
)
"""An application counts once it was submitted; its outcome is as it stands at the end of the day."""

SUBJECTS: Final = (INCUBATION, ADMISSION)
