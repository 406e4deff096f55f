"""Recruitment: what is posted, what is open, what is filled and how soon, and who is hired."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.aggregate import event_id
from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.chassis.testing.moments import day
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
)
from services.metrics.catalogue.recruitment import HIRE, POSTING
from tests.metrics.counting import One, counted, shown
from tests.metrics.happenings import id_of, noon, sample, told_by
from tests.metrics.questions import Asked, in_any_order


@dataclass
class Told:
    """A posting and the applications for it, and their events in their order."""

    number: int = 1
    openings: int = 2
    fresh: bool = True
    sector: str = "6513"
    events: list[Event] = field(default_factory=list)
    sequence: int = 0
    hires: int = 0

    @property
    def about(self) -> dict[str, Any]:
        return {
            "posting_id": id_of("jpo", self.number),
            "sector": self.sector,
            "fresh_graduates_welcome": self.fresh,
        }

    def tell(self, event: type[Event], on: str) -> "Told":
        """One event of the posting."""
        self.sequence += 1
        made = sample(event, openings=self.openings, hired=0, **self.about)
        self.events.append(told_by(id_of("jpo", self.number), made, self.sequence, effective_at=noon(on)))
        return self

    def hire(self, on: str, *, is_fresh: bool = False) -> int:
        """Somebody is hired by it; the number of the hire."""
        self.hires += 1
        id = self.application(self.hires)
        made = sample(CandidateHired, application_id=id, fresh_graduate=is_fresh, hired_on=on, **self.about)
        self.events.append(told_by(id, made, 2, effective_at=noon(on)))
        return self.hires

    def revert(self, hire: int, on: str) -> "Told":
        """That one never began."""
        id = self.application(hire)
        made = sample(CandidateHireReverted, application_id=id, corrects=event_id(id, 2), **self.about)
        self.events.append(told_by(id, made, 3, effective_at=noon(on)))
        return self

    def application(self, hire: int) -> str:
        return id_of("jap", 100 * self.number + 10 - hire)


def posted(openings: int = 2, on: str = "2026-03-02") -> Told:
    return Told(openings=openings).tell(JobPosted, on)


async def after(*told: Told) -> Asked:
    return await Asked.after([event for each in told for event in each.events])


async def test_what_is_posted_counts_with_all_that_it_seeks() -> None:
    asked = await after(posted(3), Told(2, 4, fresh=False, sector="3111").tell(JobPosted, "2026-04-01"))
    assert await asked.values("jobs_posted", "sector") == {"C": 1, "I": 1}
    assert await asked.values("openings_posted", "fresh_graduate") == {"yes": 3, "no": 4}


async def test_openings_are_open_while_a_posting_is_published_less_who_was_hired() -> None:
    told = posted(3)
    told.hire("2026-03-05")
    told.tell(JobPaused, "2026-03-10").tell(JobResumed, "2026-03-12").tell(JobExpired, "2026-04-01")
    asked = await after(told)
    days = ["2026-03-01", "2026-03-02", "2026-03-05", "2026-03-10", "2026-03-12", "2026-04-01"]
    assert [(await asked.value("openings_open", as_of=on)).value for on in days] == [0, 3, 2, 0, 2, 0]


async def test_more_openings_are_open_from_the_day_on_which_that_is_said() -> None:
    told = posted(1)
    told.openings = 5
    asked = await after(told.tell(JobChanged, "2026-03-09"))
    assert [(await asked.value("openings_open", as_of=on)).value for on in ("2026-03-08", "2026-03-09")] == [1, 5]
    assert (await asked.value("openings_posted")).value == 1


async def test_a_job_is_filled_on_the_day_of_its_last_hire_and_that_took_so_many_days() -> None:
    told = posted(2)
    told.hire("2026-03-05")
    told.hire("2026-03-30")
    asked = await after(told.tell(JobFilled, "2026-03-30"))
    assert (await asked.value("jobs_filled", period="2026-03-30")).value == 1
    assert (await asked.value("time_to_fill_days")).value == 28
    assert (await asked.value("openings_open")).value == 0


async def test_a_hire_that_was_taken_back_never_was_and_filled_nothing() -> None:
    told = posted(1)
    hire = told.hire("2026-03-05", is_fresh=True)
    told.tell(JobFilled, "2026-03-05").revert(hire, "2026-03-20").tell(JobResumed, "2026-03-20")
    asked = await after(told)
    found = [(await asked.value(kpi)).n for kpi in ("hires", "jobs_filled", "time_to_fill_days")]
    assert found == [0, 0, 0]
    assert (await asked.value("openings_open")).value == 1
    told.hire("2026-04-01")
    again = await after(told.tell(JobFilled, "2026-04-01"))
    assert [(await again.value(kpi)).value for kpi in ("hires", "jobs_filled", "time_to_fill_days")] == [1, 1, 30]


async def test_hires_are_counted_by_whether_a_fresh_graduate_was_hired() -> None:
    told = posted(3)
    for is_fresh in (True, False, True):
        told.hire("2026-03-05", is_fresh=is_fresh)
    assert await (await after(told)).values("hires", "fresh_graduate") == {"yes": 2, "no": 1}


async def test_a_filled_job_that_seeks_more_people_can_be_filled_again() -> None:
    told = posted(1)
    told.hire("2026-03-05")
    told.tell(JobFilled, "2026-03-05")
    told.openings = 2
    told.tell(JobResumed, "2026-03-10")
    told.hire("2026-03-12")
    asked = await after(told.tell(JobFilled, "2026-03-12"))
    assert (await asked.value("jobs_filled")).value == 2


@pytest.mark.parametrize("event", [JobPosted, CandidateHired])
def test_a_sector_that_is_none_is_rejected(event: type[Event]) -> None:
    told = told_by(id_of("jap", 1), sample(event, sector="9999"))
    with pytest.raises(Reject):
        (POSTING if event is JobPosted else HIRE).facts_of(told)


# in any order, against brute force


DAYS = ["2025-12-30", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-09"]
STATUS = {JobPaused: "paused", JobResumed: "published", JobFilled: "filled", JobClosed: "over", JobChanged: ""}


@dataclass
class Job:
    """A posting, written down independently of events."""

    told: Told
    posted: str = ""
    sought_first: int = 0
    sought: list[tuple[str, int]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    hired: dict[int, str] = field(default_factory=dict)
    """Hire → its day, without those that were taken back."""

    def tell(self, event: type[Event], on: str) -> None:
        self.told.tell(event, on)
        self.sought.append((on, self.told.openings))
        if event is JobPosted or STATUS.get(event):
            self.statuses.append((on, STATUS.get(event) or "published"))

    def is_full(self, on: str) -> bool:
        sought = [number for at, number in self.sought if at <= on]
        return bool(sought) and sum(at <= on for at in self.hired.values()) >= sought[-1]

    def adds(self, kpi: str, on: str) -> Iterator[int]:
        """What it adds by the end of a day, by the words of the definition alone."""
        if self.posted > on:
            return
        match kpi:
            case "jobs_posted":
                yield 1
            case "openings_posted":
                yield self.sought_first
            case "openings_open":
                if [status for at, status in self.statuses if at <= on][-1] == "published":
                    sought = [number for at, number in self.sought if at <= on][-1]
                    yield sought - sum(at <= on for at in self.hired.values())
            case _:
                for before, at in zip(["", *DAYS], DAYS, strict=False):
                    if at <= on and self.is_full(at) and not self.is_full(before):
                        yield 1 if kpi == "jobs_filled" else (day(at) - day(self.posted)).days


@st.composite
def jobs(draw: st.DrawFn) -> tuple[list[Job], list[list[Event]]]:
    """Postings that live as those of the incubator do, on days in order; and their events in no order."""
    found = []
    for number in range(1, 1 + draw(st.integers(1, 3))):
        told = Told(number, draw(st.integers(1, 3)), draw(st.booleans()), draw(st.sampled_from(["6513", "3111"])))
        job = Job(told)
        days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=8)))
        job.posted, job.sought_first = days[0], told.openings
        job.tell(JobPosted, days[0])
        for on in days[1:]:
            match draw(st.sampled_from(["hire", "hire", "revert", "pause", "more"])):
                case "hire" if len(job.hired) < told.openings:
                    job.hired[told.hire(on)] = on
                    if len(job.hired) == told.openings:
                        job.tell(JobFilled, on)
                case "revert" if job.hired:
                    hire = draw(st.sampled_from(sorted(job.hired)))
                    was_full = len(job.hired) == told.openings
                    del job.hired[hire]
                    told.revert(hire, on)
                    if was_full:
                        job.tell(JobResumed, on)
                case "pause" if len(job.hired) < told.openings:
                    job.tell(draw(st.sampled_from([JobPaused, JobResumed])), on)
                case "more":
                    was_full = len(job.hired) == told.openings
                    told.openings += 1
                    job.tell(JobResumed if was_full else JobChanged, on)
        found.append(job)
    return found, draw(in_any_order([event for job in found for event in job.told.events]))


@settings(max_examples=80)
@given(jobs(), st.sampled_from(DAYS))
def test_every_figure_is_what_counting_the_postings_one_by_one_gives(
    zone: tuple[list[Job], list[list[Event]]], on: str
) -> None:
    found, batches = zone

    async def check() -> None:
        asked = await Asked.after(*batches)
        for kpi in POSTING.kpis:
            for by in ("sector", "fresh_graduate"):
                things = [
                    One(amount, {"sector": "I" if job.told.sector == "6513" else "C", "fresh_graduate": fresh})
                    for job in found
                    for fresh in ["yes" if job.told.fresh else "no"]
                    for amount in job.adds(kpi.id, on)
                ]
                assert await shown(asked, kpi.id, by, on) == counted(kpi.id, things, by), (kpi.id, by)
        hires = sum(at <= on for job in found for at in job.hired.values())
        assert (await asked.value("hires", as_of=on)).n == hires

    asyncio.run(check())
