"""What stands on each day, added up over days: rides under way by the day, against looking at every day by itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON, day
from services.metrics.figures.contributions import contributions
from services.metrics.figures.dimensions import Breakdown
from services.metrics.figures.kept import OverDays
from services.metrics.figures.kpi import Part
from services.metrics.figures.periods import DAY, periods
from services.metrics.figures.queries import CellDays, sums_by_cell, sums_by_period
from services.metrics.figures.sums import Sum, number_of
from services.metrics.handlers import projecting
from services.metrics.main import service
from services.metrics.reading.points import points_over_days
from tests.metrics.happenings import moved_cells
from tests.metrics.rides import COMMON, RIDE, begun, rated

RIDE_DAYS: Final = OverDays("days_ridden", of="begun", unit="days", **COMMON)
BY_DAYS: Final = replace(RIDE, kpis=(RIDE_DAYS,))
FIRST: Final = date(2025, 11, 20)
MOST_DAYS: Final = 110


@dataclass(frozen=True)
class Ridden:
    """One ride from its first day until before its last, in one district after the other."""

    begins: date
    ends: date | None
    districts: Mapping[date, str]

    def district_on(self, on: date) -> str | None:
        """Where somebody is riding at the end of a day; None where nobody is."""
        if on < self.begins or (self.ends and on >= self.ends):
            return None
        return self.districts[max(at for at in self.districts if at <= on)]


days = st.integers(0, MOST_DAYS).map(lambda number: FIRST + timedelta(days=number))


@st.composite
def rides(draw: st.DrawFn, number: int) -> tuple[Ridden, list[Event]]:
    begins, lasts = draw(days), draw(st.none() | st.integers(0, 60))
    ends = None if lasts is None else begins + timedelta(days=lasts)
    districts = {begins: draw(st.sampled_from(["north", "south"]))}
    events: list[Event] = [begun(number, on=begins.isoformat(), district=districts[begins])]
    if draw(st.booleans()):
        at = begins + timedelta(days=draw(st.integers(1, 40)))
        if ends is None or at < ends:
            districts[at] = "west"
            events.append(begun(number, on=at.isoformat(), sequence=3, district="west"))
    if ends:
        events.append(rated(number, on=ends.isoformat(), sequence=2, score=3))
    return Ridden(begins, ends, districts), events


@st.composite
def zones(draw: st.DrawFn) -> tuple[list[Ridden], list[list[Event]]]:
    """A few rides, and their events in any order, cut into batches."""
    found = [draw(rides(number)) for number in range(1, 1 + draw(st.integers(1, 4)))]
    events = draw(st.permutations([event for _, each in found for event in each]))
    cuts = sorted(draw(st.sets(st.integers(0, len(events)), max_size=3)) | {0, len(events)})
    return [each for each, _ in found], [events[start:end] for start, end in pairwise(cuts)]


def source_of(_: str, breakdown: Breakdown) -> Breakdown:
    return BY_DAYS.source_of(breakdown)


async def heard_by(batches: list[list[Event]]) -> Tx:
    store, on = MemoryStore.of(service), projecting((BY_DAYS,))
    for worker, batch in enumerate(batches):
        tx = Tx(store, now=NOON, worker=worker % 2)
        await heard.hear(on, tx, *batch)
        await tx.commit()
    return Tx(store, now=NOON)


def every_day(first: date, end: date) -> list[date]:
    return [first + number * DAY for number in range((end - first).days)]


def one_by_one(zone: list[Ridden], first: date, end: date) -> dict[str, int]:
    """District → days ridden there, day by day and ride by ride; '' for all of them."""
    found: dict[str, int] = {}
    for on in every_day(first, end):
        for ride in zone:
            if (district := ride.district_on(on)) is not None:
                for name in ("", district):
                    found[name] = found.get(name, 0) + 1
    return found


@settings(max_examples=60)
@given(zones(), st.none() | days, st.integers(1, 80))
def test_over_any_days_it_is_what_looking_at_every_day_gives(
    zone: tuple[list[Ridden], list[list[Event]]], first: date | None, number: int
) -> None:
    ridden, batches = zone
    end = (first or FIRST) + timedelta(days=number)

    async def read() -> dict[str, Sum]:
        tx = await heard_by(batches)
        layers = [CellDays(Part(RIDE_DAYS, dims), first).layer for dims in ({}, {"district": ""})]
        sums = await sums_by_cell(tx, source_of, layers, end)
        return {key.removeprefix("district="): found for (_, key), found in sums.items()}

    found, each_day = asyncio.run(read()), every_day(first or FIRST, end)
    assert {key: each.m for key, each in found.items() if each.m} == one_by_one(ridden, first or FIRST, end)
    for district in ("north", "south", "west"):
        riders = sum(any(ride.district_on(on) == district for on in each_day) for ride in ridden)
        assert found.get(district, Sum()).n == riders


@settings(max_examples=30)
@given(zones(), st.sampled_from(["day", "month", "quarter", "year"]), days)
def test_each_period_of_a_series_is_what_its_days_give_up_to_the_last_one(
    zone: tuple[list[Ridden], list[list[Event]]], granularity: Any, last: date
) -> None:
    ridden, batches = zone
    asked, end = list(periods(FIRST, last + 20 * DAY, granularity)), last + DAY

    async def points() -> list[int]:
        tx = await heard_by(batches)
        sums = await sums_by_period(tx, source_of, [Part(RIDE_DAYS, {})], asked, granularity, end)
        found = sums[RIDE_DAYS.id, ""]
        drawn = points_over_days(found, found, asked, end)
        assert drawn.whole.m == sum(point.m for point in drawn.points)
        return [point.m for point in drawn.points]

    expected = [one_by_one(ridden, each.first, min(each.end, end)).get("", 0) for each in asked]
    assert asyncio.run(points()) == expected


@given(st.lists(st.tuples(days, st.integers(-5, 5))), st.none() | days, st.integers(1, 80))
def test_the_sum_over_days_is_that_of_a_step_function(
    steps: list[tuple[date, int]], first: date | None, number: int
) -> None:
    end = (first or FIRST) + timedelta(days=number)
    begins = first or FIRST
    before = Sum(m=sum(step for on, step in steps if on < begins))
    within = [(on, step) for on, step in steps if begins <= on < end]
    changed = Sum(m=sum(step for _, step in within), t=sum(step * number_of(on) for on, step in within))
    expected = sum(step for day in every_day(begins, end) for on, step in steps if on <= day)
    assert changed.over_days(before, first, end).m == expected


def moved(*events: Event) -> dict[str, dict[str, int]]:
    facts = [fact for event in events for fact in BY_DAYS.facts_of(event)]
    found = moved_cells(BY_DAYS, {}, contributions(BY_DAYS, facts))
    return {cell.on: counters for cell, counters in found.items() if not cell.key}


def test_a_thing_moves_counters_on_its_first_day_and_around_its_last_however_many_lie_between() -> None:
    first, last = number_of(day("2026-03-02")), number_of(day("2026-06-09"))
    assert moved(begun(on="2026-03-02"), rated(on="2026-06-09", score=4)) == {
        "2026-03-02": {"n": 1, "m": 1, "t": first},
        "2026-06-08": {"e": 1},
        "2026-06-09": {"m": -1, "t": -last},
    }


async def contributors(*events: Event, first: str, end: str) -> int:
    tx = await heard_by([list(events)])
    layer = CellDays(Part(RIDE_DAYS, {}), day(first)).layer
    return (await sums_by_cell(tx, source_of, [layer], day(end)))[RIDE_DAYS.id, ""].n


async def test_whoever_was_there_on_any_of_the_days_contributes_and_nobody_else() -> None:
    events = (
        begun(1, on="2026-03-02"),
        rated(1, on="2026-03-09", score=4),
        begun(2, on="2026-03-05"),
        begun(3, on="2026-04-01"),
    )
    assert await contributors(*events, first="2026-03-01", end="2026-04-01") == 2
    assert await contributors(*events, first="2026-03-08", end="2026-03-09") == 2
    assert await contributors(*events, first="2026-03-09", end="2026-04-02") == 2
    assert await contributors(*events, first="2026-02-01", end="2026-03-02") == 0
