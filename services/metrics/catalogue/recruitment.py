"""Recruitment: jobs that are posted and filled, and who is hired, with the KPIs that follow."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal, get_args

from services.chassis.domain.events import Event
from services.contracts.incubator.jobs import (
    CandidateHired,
    CandidateHireReverted,
    JobChanged,
    JobClosed,
    JobExpired,
    JobFilled,
    JobPaused,
    JobPosted,
    JobResumed,
    Openings,
)
from services.metrics.catalogue.dimensions.sections import SECTOR, stated_section
from services.metrics.catalogue.offices import Office
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.history import Change, State
from services.metrics.figures.kept import Dist, Flow, Stock
from services.metrics.figures.kpi import Name
from services.metrics.figures.subject import DatedFacts, Subject, effective_day

YesNo = Literal["yes", "no"]
HIRED: Final = "hired "
"""Before the application by which somebody was hired: each hire is a member of its own, and can be taken back."""
NO_HIRES: Final = frozenset({"openings", "sector", "fresh_graduate", "status", "posted_on", "openings_posted"})
"""All other members of a posting: there are up to a thousand hires of one."""

FRESH_GRADUATE: Final = Dimension(
    "fresh_graduate",
    YesNo,
    values=get_args(YesNo),
    of=lambda state: "yes" if state["fresh_graduate"] else "no",
    about="Of a posting, whether fresh graduates are welcome; of a hire, whether one was hired.",
)


def of_posting(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a posting: whether it seeks people, how many, and each hire."""
    on = effective_day(event)
    if isinstance(event, Openings):
        dims = {"sector": stated_section(event.sector), "fresh_graduate": event.fresh_graduates_welcome}
        yield on, {"openings": event.openings, **dims, **_status(event, on)}
    elif isinstance(event, CandidateHired):
        yield event.hired_on.isoformat(), {f"{HIRED}{event.application_id}": True}
    elif not isinstance(event, CandidateHireReverted):
        raise TypeError(f"nothing here knows what {event.wire_name} changes")


def _status(event: Openings, on: str) -> dict[str, Any]:
    match event:
        case JobPosted():
            return {"status": "published", "posted_on": on, "openings_posted": event.openings}
        case JobResumed():
            return {"status": "published"}
        case JobPaused():
            return {"status": "paused"}
        case JobFilled():
            return {"status": "filled"}
        case JobClosed() | JobExpired():
            return {"status": "over"}
        case JobChanged():
            return {}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def hired(state: State) -> int:
    """How many were hired by a posting, without those whose hire was taken back."""
    return len(state) - len(state.keys() & NO_HIRES)


def openings_left(change: Change) -> int:
    """How many are sought still."""
    return int(change.after["openings"]) - hired(change.after)


def filled(change: Change) -> bool | None:
    """Whether on this day as many were hired as are sought, and before not."""
    return True if _is_filled(change.after) and not _is_filled(change.before) else None


def _is_filled(state: State) -> bool:
    return "openings" in state and hired(state) >= state["openings"]


def days_to_fill(change: Change) -> int | None:
    """The days from the posting to the day on which it is filled."""
    if filled(change) is None:
        return None
    return (date.fromisoformat(change.on) - date.fromisoformat(change.after["posted_on"])).days


SEEKING: Final = (JobPosted, JobChanged, JobPaused, JobResumed, JobFilled, JobClosed, JobExpired)
HIRES: Final = (CandidateHired, CandidateHireReverted)

JOBS_POSTED: Final = Flow(
    "jobs_posted",
    name=Name("Jobs posted", "发布岗位数"),
    owner=Office.TALENT,
    of="posted_on",
    unit="jobs",
    formula="postings, by the day on which they were published first",
    events=(JobPosted,),
)
OPENINGS_POSTED: Final = Flow(
    "openings_posted",
    name=Name("Openings posted", "发布招聘人数"),
    owner=Office.TALENT,
    of="openings_posted",
    unit="openings",
    formula="sum of how many were sought by each posting as it was published first",
    events=(JobPosted,),
)
JOBS_FILLED: Final = Flow(
    "jobs_filled",
    name=Name("Jobs filled", "招满岗位数"),
    owner=Office.TALENT,
    of=filled,
    unit="jobs",
    formula="postings by the day on which as many were hired as are sought; a hire that was taken back fills none",
    events=(*SEEKING, *HIRES),
)
OPENINGS_OPEN: Final = Stock(
    "openings_open",
    name=Name("Openings that are open", "在招人数"),
    owner=Office.TALENT,
    of=openings_left,
    unit="openings",
    formula="sum, over published postings, of how many are sought - how many of them were hired",
    events=(*SEEKING, *HIRES),
)
TIME_TO_FILL_DAYS: Final = Dist(
    "time_to_fill_days",
    name=Name("Days to fill a job", "岗位招满天数"),
    owner=Office.TALENT,
    of=days_to_fill,
    unit="days",
    formula="days from the first publication of a posting to the day on which it was filled, by that day; the median",
    events=(*SEEKING, *HIRES),
)

POSTING: Final = Subject(
    "posting",
    heard_of=("jpo", "jap"),
    events=(*SEEKING, *HIRES),
    id_of=lambda event: event.posting_id,
    facts=of_posting,
    known_by="posted_on",
    counted_while=lambda state: state.get("status") == "published",
    dimensions=(SECTOR, FRESH_GRADUATE),
    kpis=(JOBS_POSTED, OPENINGS_POSTED, JOBS_FILLED, OPENINGS_OPEN, TIME_TO_FILL_DAYS),
)
"""A posting counts from its first publication on, and while it is published."""


def of_hire(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a hire; one that is taken back says nothing."""
    if isinstance(event, CandidateHired):
        dims = {"sector": stated_section(event.sector), "fresh_graduate": event.fresh_graduate}
        yield event.hired_on.isoformat(), {"hired": True, **dims}
    elif not isinstance(event, CandidateHireReverted):
        raise TypeError(f"nothing here knows what {event.wire_name} changes")


HIRES_MADE: Final = Flow(
    "hires",
    name=Name("Hires", "录用人数"),
    owner=Office.TALENT,
    of="hired",
    unit="hires",
    formula="people who were hired, by the day; a hire that was taken back never was",
    events=HIRES,
)

HIRE: Final = Subject(
    "hire",
    heard_of=("jap",),
    events=HIRES,
    id_of=lambda event: event.application_id,
    facts=of_hire,
    known_by="hired",
    counted_while=lambda state: False,
    dimensions=(SECTOR, FRESH_GRADUATE),
    kpis=(HIRES_MADE,),
)
"""A hire counts from its day on, unless it was taken back."""

SUBJECTS: Final = (POSTING, HIRE)
