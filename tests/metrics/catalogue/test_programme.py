"""Programmes: who incubates, who graduates, who is still there years later, and how long a decision takes."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.domain.times import ZONE_TIME
from services.chassis.testing.moments import day
from services.contracts.incubator.startups.incubations import (
    IncubationGraduated,
    IncubationStarted,
    IncubationTerminated,
    IncubationWithdrawn,
    OutcomeReported,
)
from services.contracts.incubator.startups.programmes import (
    ApplicationAccepted,
    ApplicationRejected,
    ApplicationSubmitted,
    ApplicationWaitlisted,
    ApplicationWithdrawn,
)
from services.metrics.catalogue.programme import INCUBATION
from tests.metrics.counting import One, counted, shown
from tests.metrics.happenings import id_of, sample, told_by
from tests.metrics.questions import Asked, in_any_order

COHORT = id_of("coh", 1)
N = (12, 24, 36, 60)
"""metrics.md §1: n = 12, 24, 36, 60."""


@dataclass
class Told:
    """An incubation, and its events in their order."""

    number: int
    cohort: int = 1
    events: list[Event] = field(default_factory=list)

    def tell(self, event: type[Event], **said: Any) -> None:
        """One more."""
        about = {
            "incubation_id": id_of("inc", self.number),
            "cohort_id": id_of("coh", self.cohort),
            "program_id": id_of("prg", self.cohort % 2),
        }
        made = sample(event, **about, **said)
        self.events.append(told_by(id_of("inc", self.number), made, len(self.events) + 1))

    def started(self, on: str) -> "Told":
        self.tell(IncubationStarted, starts_on=on)
        return self

    def graduated(self, on: str) -> "Told":
        self.tell(IncubationGraduated, graduated_on=on)
        return self

    def ended(self, on: str, how: type[Event] = IncubationWithdrawn) -> "Told":
        self.tell(how, ended_on=on)
        return self

    def seen(self, on: str, outcome: str) -> "Told":
        self.tell(OutcomeReported, observed_on=on, outcome=outcome)
        return self


def incubation(number: int = 1, cohort: int = 1) -> Told:
    return Told(number, cohort)


def graduate(number: int = 1) -> Told:
    return incubation(number).started("2019-03-01").graduated("2020-03-01")


async def after(*told: Told) -> Asked:
    return await Asked.after([event for each in told for event in each.events])


async def test_a_business_incubates_from_its_first_day_until_it_has_ended() -> None:
    asked = await after(incubation(1).started("2026-03-01").ended("2026-09-30"), incubation(2).started("2026-05-01"))
    days = ["2026-02-28", "2026-03-01", "2026-05-01", "2026-09-29", "2026-09-30"]
    assert [(await asked.value("startups_incubating", as_of=on)).value for on in days] == [0, 1, 2, 2, 1]


async def test_who_leaves_before_the_first_day_never_incubates() -> None:
    asked = await after(incubation().started("2026-09-01").ended("2026-08-20"))
    assert (await asked.value("startups_incubating", as_of="2026-10-01")).value == 0
    assert (await asked.value("graduation_rate")).denominator == 1


async def test_the_graduation_rate_of_a_cohort_is_over_all_who_ended() -> None:
    asked = await after(
        incubation(1).started("2025-03-01").graduated("2026-03-01"),
        incubation(2).started("2025-03-01").ended("2026-01-10"),
        incubation(3).started("2025-03-01").ended("2026-02-10", IncubationTerminated),
        incubation(4).started("2025-03-01"),
        incubation(5, cohort=2).started("2025-03-01").graduated("2026-03-02"),
    )
    answer = await asked.value("graduation_rate", cohort=COHORT)
    assert (answer.value, answer.numerator, answer.denominator) == (3333, 1, 3)
    assert await asked.values("graduations", "cohort") == {COHORT: 1, id_of("coh", 2): 1}


@pytest.mark.parametrize("months", N)
async def test_whoever_was_not_followed_for_n_months_is_censored_and_not_dead(months: int) -> None:
    day_before = (day("2020-03-01") + relativedelta(months=months, days=-1)).isoformat()
    asked = await after(graduate().seen(day_before, "operating"))
    answer = await asked.value(f"survival_{months}_months")
    assert (answer.value, answer.denominator) == (None, 0)


@pytest.mark.parametrize("months", N)
@pytest.mark.parametrize(("outcome", "survived"), [("operating", 1), ("acquired", 1), ("ipo", 1), ("closed", 0)])
async def test_whoever_is_seen_after_n_months_counts_as_it_was_then(months: int, outcome: str, survived: int) -> None:
    on = (day("2020-03-01") + relativedelta(months=months)).isoformat()
    asked = await after(graduate().seen(on, outcome))
    answer = await asked.value(f"survival_{months}_months", period=on)
    assert (answer.numerator, answer.denominator) == (survived, 1)


async def test_what_has_closed_is_dead_for_every_later_n_though_nobody_looks_any_more() -> None:
    asked = await after(graduate().seen("2021-06-01", "operating").seen("2022-09-01", "closed"))
    found = [await asked.value(f"survival_{months}_months") for months in N]
    assert [(each.numerator, each.denominator) for each in found] == [(1, 1), (1, 1), (0, 1), (0, 1)]


async def test_what_lies_ahead_of_n_months_is_not_counted_yet_dead_or_not() -> None:
    asked = await after(graduate().seen("2020-06-01", "closed"))
    answer = await asked.value("survival_60_months", as_of="2025-02-28")
    assert (answer.value, answer.denominator) == (None, 0)


async def test_months_after_a_leap_day_end_on_the_last_of_february() -> None:
    told = incubation().started("2023-03-01").graduated("2024-02-29").seen("2025-02-28", "operating")
    assert (await (await after(told)).value("survival_12_months", period="2025-02-28")).value == 10_000


async def test_the_last_report_of_a_day_holds_and_one_that_contradicts_a_closing_opens_it_again() -> None:
    asked = await after(graduate().seen("2020-09-01", "closed").seen("2020-10-01", "operating"))
    assert (await asked.value("survival_12_months")).denominator == 0


# in any order, against brute force


STARTS = ["2019-03-01", "2020-02-29", "2021-01-01"]
ENDS = ["2020-02-29", "2020-03-01", "2021-01-01", "2021-06-30"]
SEEN = ["2021-02-27", "2021-02-28", "2021-03-01", "2022-03-01", "2023-03-01", "2025-02-28", "2026-01-01"]
OUTCOMES = ["operating", "acquired", "ipo", "closed"]


@dataclass
class Life:
    """What became of a business, written down independently of events."""

    told: Told
    start: str
    end: str = ""
    has_graduated: bool = False
    seen: list[tuple[str, str]] = field(default_factory=list)

    def adds(self, kpi: str, on: str) -> Iterator[int | tuple[int, int]]:
        """What it adds by the end of a day, by the words of the definition alone."""
        ended = bool(self.end) and self.end <= on
        if kpi == "startups_incubating" and self.start <= on and not ended:
            yield 1
        if kpi == "graduations" and ended and self.has_graduated:
            yield 1
        if kpi == "graduation_rate" and ended:
            yield int(self.has_graduated), 1
        if kpi.startswith("survival") and self.has_graduated:
            at = (day(self.end) + relativedelta(months=int(kpi.split("_")[1]))).isoformat()
            last = max(self.seen, key=lambda each: each[0], default=("", ""))
            if at <= on and (last[0] >= at or last[1] == "closed"):
                before = [outcome for seen_on, outcome in self.seen if seen_on <= at]
                yield int((before or ["operating"])[-1] != "closed"), 1


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Life], list[list[Event]]]:
    found = []
    for number in range(1, 1 + draw(st.integers(1, 4))):
        told = incubation(number, draw(st.integers(1, 2)))
        life = Life(told, draw(st.sampled_from(STARTS)))
        told.started(life.start)
        how = draw(st.sampled_from(["graduated", "graduated", "left", "ended", "there"]))
        if how != "there":
            life.end, life.has_graduated = draw(st.sampled_from(ENDS)), how == "graduated"
        if how == "graduated":
            told.graduated(life.end)
            for on in sorted(draw(st.lists(st.sampled_from(SEEN), max_size=4, unique=True))):
                outcome = draw(st.sampled_from(OUTCOMES))
                told.seen(on, outcome)
                life.seen.append((on, outcome))
        elif how != "there":
            told.ended(life.end, IncubationWithdrawn if how == "left" else IncubationTerminated)
        found.append(life)
    return found, draw(in_any_order([event for life in found for event in life.told.events]))


@settings(max_examples=60)
@given(lives(), st.sampled_from(["2019-12-31", "2020-02-29", *SEEN, "2031-01-01"]))
def test_every_figure_is_what_counting_the_incubations_one_by_one_gives(
    zone: tuple[list[Life], list[list[Event]]], on: str
) -> None:
    found, batches = zone

    async def check() -> None:
        asked = await Asked.after(*batches)
        for kpi in INCUBATION.kpis:
            for by, prefix in (("cohort", "coh"), ("programme", "prg")):
                things = [
                    One(amount, {by: id_of(prefix, life.told.cohort % (2 if by == "programme" else 9))})
                    for life in found
                    for amount in life.adds(kpi.id, on)
                ]
                assert await shown(asked, kpi.id, by, on) == counted(kpi.id, things, by), (kpi.id, by)

    asyncio.run(check())


# how long a decision takes


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE_TIME)


def application(*told: tuple[type[Event], str], number: int = 1) -> list[Event]:
    """The events of an application, each at its moment."""
    id = id_of("app", number)
    about = {"application_id": id, "program_id": id_of("prg", 1)}
    return [
        told_by(id, sample(event, **about), place, effective_at=at(moment))
        for place, (event, moment) in enumerate(told, start=1)
    ]


async def test_the_hours_from_the_first_submission_to_the_first_decision_are_rounded_up() -> None:
    asked = await Asked.after(
        application(
            (ApplicationSubmitted, "2026-03-02T10:00"),
            (ApplicationSubmitted, "2026-03-04T10:00"),
            (ApplicationWaitlisted, "2026-03-05T10:00:00.001"),
            (ApplicationAccepted, "2026-04-01T09:00"),
        )
    )
    answer = await asked.value("application_cycle_hours", outcome="waitlisted", programme=id_of("prg", 1))
    assert (answer.value, answer.n) == (73, 1)
    assert (await asked.value("application_cycle_hours")).n == 1


async def test_what_was_withdrawn_before_a_decision_is_counted_apart_and_what_was_withdrawn_after_it_is_not() -> None:
    submitted = (ApplicationSubmitted, "2026-03-02T10:00")
    asked = await Asked.after(
        application(submitted, (ApplicationWithdrawn, "2026-03-03T10:00")),
        application(
            submitted, (ApplicationAccepted, "2026-03-02T12:00"), (ApplicationWithdrawn, "2026-03-03T10:00"), number=2
        ),
        application(submitted, (ApplicationRejected, "2026-03-02T11:00"), number=3),
        application((ApplicationWithdrawn, "2026-03-03T10:00"), number=4),
    )
    assert await asked.values("application_cycle_hours", "outcome") == {"accepted": 2, "rejected": 1}
    assert await asked.values("applications_withdrawn", "outcome") == {"withdrawn": 1}


async def test_a_decision_belongs_to_the_day_of_the_zone_and_not_of_utc() -> None:
    asked = await Asked.after(
        application((ApplicationSubmitted, "2026-03-31T20:00"), (ApplicationAccepted, "2026-04-01T00:30"))
    )
    assert (await asked.value("application_cycle_hours", period="2026-03")).value is None
    assert (await asked.value("application_cycle_hours", period="2026-04")).value == 5
