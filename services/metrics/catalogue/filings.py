"""Filings: how many are decided, how, and how long it takes, with the KPIs that follow."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.chassis.domain.events import Event
from services.chassis.domain.times import rfc3339, zone_date
from services.chassis.domain.working_days import working_hours_between
from services.contracts.registry.filings import FilingApproved, FilingRejected, FilingSubmitted, FilingType
from services.metrics.catalogue.dimensions.outcomes import outcome_among
from services.metrics.catalogue.offices import Office
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.history import Change
from services.metrics.figures.kept import Dist, Flow
from services.metrics.figures.kpi import Name
from services.metrics.figures.subject import DatedFacts, Subject

HOUR: Final = timedelta(hours=1)


def stated(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a filing: when it was handed in, when and how it was decided."""
    moment = event.envelope.effective
    on, at = zone_date(moment).isoformat(), rfc3339(moment)
    match event:
        case FilingSubmitted():
            yield on, {"submitted_at": at, "filing_type": str(event.type)}
        case FilingApproved():
            yield on, {"decided_at": at, "outcome": "approved"}
        case FilingRejected():
            yield on, {"decided_at": at, "outcome": "rejected"}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def working_hours_to_decision(change: Change) -> int | None:
    """Whole working hours of the zone, rounded up, from the submission to the decision, on the day of that one."""
    if "decided_at" not in change.said or "submitted_at" not in change.after:
        return None
    submitted, decided = (datetime.fromisoformat(change.after[name]) for name in ("submitted_at", "decided_at"))
    return -(-working_hours_between(submitted, max(submitted, decided)) // HOUR)


DECISIONS: Final = (FilingSubmitted, FilingApproved, FilingRejected)

DECIDED: Final = Flow(
    "filings_decided",
    name=Name("Filings decided", "办结申请数"),
    owner=Office.REGISTRATION,
    of="outcome",
    unit="filings",
    formula="filings that were handed in, by the day on which they were approved, by rule or an officer, or rejected",
    events=DECISIONS,
)
CYCLE_HOURS: Final = Dist(
    "filing_cycle_hours",
    name=Name("Working hours to decide a filing", "申请办理工时"),
    owner=Office.REGISTRATION,
    of=working_hours_to_decision,
    unit="hours",
    formula=(
        "working hours of the zone, rounded up, from the submission to the decision, by its day; what the rules decide "
        "takes none; the median"
    ),
    events=DECISIONS,
)

FILING: Final = Subject(
    "filing",
    heard_of=("fil",),
    events=DECISIONS,
    id_of=lambda event: event.filing_id,
    facts=stated,
    known_by="submitted_at",
    counted_while=lambda state: False,
    dimensions=(
        Dimension(
            "filing_type",
            FilingType,
            values=tuple(each.value for each in FilingType),
            of=lambda state: str(state["filing_type"]),
            about="The act that changes the register.",
        ),
        outcome_among("approved", "rejected", otherwise="withdrawn"),
    ),
    pairs=(("filing_type", "outcome"),),
    kpis=(DECIDED, CYCLE_HOURS),
)
"""A filing counts once it is decided; what time itself files, nobody hands in."""

SUBJECTS: Final = (FILING,)
