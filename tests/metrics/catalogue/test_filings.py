"""Filings: how many are decided, how, and how many working hours that takes."""

import asyncio
from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.domain.times import ZONE_TIME
from services.chassis.domain.working_days import is_working_day
from services.contracts.registry.filings import FilingApproved, FilingCompleted, FilingRejected, FilingSubmitted
from services.metrics.handlers import on as handlers
from tests.metrics.counting import One, counted, shown
from tests.metrics.happenings import id_of, sample, told_by
from tests.metrics.questions import Asked, in_any_order


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE_TIME)


def filing(
    submitted: str, decided: str | None = None, *, number: int = 1, type: str = "registration", approved: bool = True
) -> list[Event]:
    """The events of a filing that is handed in and, perhaps, decided."""
    about = {"filing_id": id_of("fil", number), "type": type}
    told = [told_by(about["filing_id"], sample(FilingSubmitted, **about), 2, effective_at=at(submitted))]
    found: list[Event] = [*told]
    if decided:
        decision: Event = sample(FilingApproved, **about) if approved else sample(FilingRejected, **about)
        found.append(told_by(about["filing_id"], decision, 4, effective_at=at(decided)))
    return found


@pytest.mark.parametrize(
    ("submitted", "decided", "hours"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00", 0),
        ("2026-11-23T10:00", "2026-11-23T10:01", 1),
        ("2026-11-23T10:00", "2026-11-23T14:00", 4),
        ("2026-11-23T10:00", "2026-11-23T16:30", 5),
        ("2026-11-23T10:00", "2026-11-24T10:00", 8),
        ("2026-11-13T19:00", "2026-11-16T11:00", 2),
        ("2026-11-14T09:00", "2026-11-15T20:00", 0),
        ("2026-09-30T10:00", "2026-10-09T10:00", 16),
    ],
    ids=["at once", "a minute", "a shift", "over noon", "a day", "a weekend", "within a weekend", "National Day"],
)
async def test_the_cycle_is_in_whole_working_hours_of_the_zone_rounded_up(
    submitted: str, decided: str, hours: int
) -> None:
    asked = await Asked.after(filing(submitted, decided))
    answer = await asked.value("filing_cycle_hours")
    assert (answer.value, answer.n) == (hours, 1)


async def test_decisions_are_counted_by_type_and_outcome_and_what_waits_is_not() -> None:
    asked = await Asked.after(
        filing("2026-11-23T10:00", "2026-11-23T11:00"),
        filing("2026-11-23T10:00", "2026-11-23T11:00", number=2, approved=False),
        filing("2026-11-23T10:00", "2026-11-23T10:00", number=3, type="annual_report"),
        filing("2026-11-23T10:00", number=4),
    )
    assert await asked.values("filings_decided", "outcome") == {"approved": 2, "rejected": 1}
    assert await asked.values("filings_decided", "filing_type") == {"registration": 2, "annual_report": 1}
    of_rejected = await asked.cells("filings_decided", "filing_type", outcome="rejected")
    assert {cell.dims["filing_type"]: cell.value for cell in of_rejected.cells if cell.n} == {"registration": 1}


async def test_what_time_itself_files_nobody_hands_in_and_nobody_decides() -> None:
    asked = await Asked.after(filing("2026-11-23T10:00", "2026-11-23T11:00")[1:])
    assert (await asked.value("filings_decided")).value is None
    assert not handlers.hears(FilingCompleted)


async def test_a_decision_that_seems_to_be_before_its_submission_took_no_time() -> None:
    asked = await Asked.after(filing("2026-11-23T11:00", "2026-11-23T10:59"))
    assert (await asked.value("filing_cycle_hours")).value == 0


MOMENTS = [
    f"2026-{day}T{hour}"
    for day in ("09-30", "10-08", "11-27", "11-28", "11-30")
    for hour in ("00:00", "10:00", "13:30", "15:00", "19:30", "23:30")
]
HALF_AN_HOUR = timedelta(minutes=30)


class Filed(NamedTuple):
    """A filing, and how it was decided, if at all."""

    type: str
    submitted: str
    decided: str | None
    approved: bool

    @property
    def hours(self) -> int:
        """The working half hours from one moment to the other, one by one."""
        assert self.decided is not None
        moment, end, halves = at(self.submitted), at(self.decided), 0
        while moment < end:
            opens, closes = time(10) <= moment.time() < time(14), time(16) <= moment.time() < time(20)
            halves += is_working_day(moment.date()) and (opens or closes)
            moment += HALF_AN_HOUR
        return (halves + 1) // 2


@st.composite
def filed(draw: st.DrawFn) -> tuple[list[Filed], list[list[Event]]]:
    found: list[Filed] = []
    events: list[Event] = []
    for number in range(draw(st.integers(1, 5))):
        first, last = sorted(draw(st.tuples(st.sampled_from(MOMENTS), st.sampled_from(MOMENTS))))
        one = Filed(
            draw(st.sampled_from(["registration", "suspension"])),
            first,
            draw(st.sampled_from([last, None])),
            draw(st.booleans()),
        )
        found.append(one)
        events += filing(one.submitted, one.decided, number=number, type=one.type, approved=one.approved)
    return found, draw(in_any_order(events))


@settings(max_examples=60)
@given(filed(), st.sampled_from(["2026-09-29", "2026-09-30", "2026-11-27", "2026-11-30"]))
def test_both_figures_are_what_counting_the_filings_one_by_one_gives(
    zone: tuple[list[Filed], list[list[Event]]], on: str
) -> None:
    found, batches = zone
    decided = [each for each in found if each.decided and each.decided[:10] <= on]
    dims = [{"filing_type": each.type, "outcome": "approved" if each.approved else "rejected"} for each in decided]

    async def check() -> None:
        asked = await Asked.after(*batches)
        for by in ("filing_type", "outcome"):
            number = [One(1, each) for each in dims]
            hours = [One(each.hours, of_it) for each, of_it in zip(decided, dims, strict=True)]
            assert await shown(asked, "filings_decided", by, on) == counted("filings_decided", number, by)
            assert await shown(asked, "filing_cycle_hours", by, on) == counted("filing_cycle_hours", hours, by)

    asyncio.run(check())
