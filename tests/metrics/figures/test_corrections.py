"""A fact can be taken back (D-8): an event that corrects another stands in its place, in whatever order they come."""

import asyncio
from collections import defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.chassis.store.unit_of_work import Tx
from services.chassis.testing import heard
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from services.metrics.figures.entity import Entity, Fact
from services.metrics.figures.subject import corrected_by
from services.metrics.handlers import projecting
from services.metrics.main import service
from tests.metrics.happenings import figures, suspended
from tests.metrics.rides import ENDED, RIDE, SCORE, RideRated, RideRerated, begun, rated, rerated, unrated

DAYS = ["2025-12-31", "2026-01-01", "2026-02-28", "2026-03-09"]


async def that_heard(*batches: list[Event]) -> MemoryStore:
    """A store in which rides were counted."""
    store = MemoryStore.of(service)
    for number, batch in enumerate(batches):
        tx = Tx(store, now=NOON, worker=number % 3)
        await heard.hear(projecting((RIDE,)), tx, *batch)
        await tx.commit()
    return store


def total(store: MemoryStore, kpi: str, counter: str) -> int:
    """A counter of all years together."""
    path = f"{kpi}|y|: district.north.{counter}."
    return sum(count for at, count in figures(store).items() if at.startswith(path))


async def test_what_a_correction_says_counts_in_place_of_what_it_corrects() -> None:
    wrong, right = rated(on="2026-03-09", score=1), rerated(on="2026-03-05", sequence=3, score=5, corrects=2)
    store = await that_heard([begun(on="2026-03-02"), wrong, right])
    assert (total(store, ENDED.id, "n"), total(store, SCORE.id, "m")) == (1, 5)
    assert "ride_days|d|2026-03: district.north.hist.3.05" in figures(store)


async def test_what_a_correction_takes_back_without_a_word_does_not_count_and_the_rest_does() -> None:
    store = await that_heard(
        [begun(on="2026-03-02"), rated(on="2026-03-09", score=1), unrated(on="2026-03-10", sequence=3, corrects=2)]
    )
    assert (total(store, ENDED.id, "n"), total(store, SCORE.id, "m")) == (0, 0)
    assert total(store, "rides_under_way", "n") == 1


async def test_a_correction_may_come_before_what_it_corrects() -> None:
    events: list[Event] = [begun(on="2026-03-02"), rated(on="2026-03-09", score=1)]
    correction = rerated(on="2026-03-09", sequence=3, score=5, corrects=2)
    assert figures(await that_heard([correction], events)) == figures(await that_heard([*events, correction]))


async def test_a_correction_is_corrected_by_one_that_names_it() -> None:
    store = await that_heard(
        [
            begun(on="2026-03-02"),
            rated(on="2026-03-09", score=1),
            rerated(on="2026-03-09", sequence=3, score=2, corrects=2),
            rerated(on="2026-03-09", sequence=4, score=5, corrects=3),
        ]
    )
    assert (total(store, ENDED.id, "n"), total(store, SCORE.id, "m")) == (1, 5)


async def test_what_was_taken_back_is_not_learned_when_it_is_heard_again() -> None:
    wrong, correction = rated(on="2026-03-09", score=1), unrated(on="2026-03-10", sequence=3, corrects=2)
    once = await that_heard([begun(on="2026-03-02"), wrong, correction])
    again = await that_heard([begun(on="2026-03-02"), wrong, correction], [wrong, correction])
    assert figures(again) == figures(once)


def test_all_facts_of_an_event_are_taken_back_whatever_days_they_are_of() -> None:
    entity = Entity(id="business|biz_1")
    entity.learn([Fact(on=on, subject="biz_1", sequence=2, set={"employees": 7}) for on in DAYS])
    entity.learn([Fact(on=DAYS[0], subject="biz_1", sequence=3, set={"employees": 8})], corrects="biz_1:0000000002")
    assert [(fact.sequence, fact.on) for fact in entity.facts] == [(3, DAYS[0])]


def test_an_event_that_does_not_say_so_corrects_nothing() -> None:
    assert corrected_by(suspended(on="2026-04-01", sequence=2)) is None


@st.composite
def rides(draw: st.DrawFn, number: int) -> list[Event]:
    """One ride: begun, then said to be over, and corrected: also what was corrected already, and corrections."""
    events: list[Event] = [begun(number, on=draw(st.sampled_from(DAYS)))]
    for sequence in range(2, 2 + draw(st.integers(0, 6))):
        on, score = draw(st.sampled_from(DAYS)), draw(st.integers(1, 5))
        wrong = draw(st.integers(2, sequence))
        match draw(st.sampled_from(["rated", "rerated", "unrated"])) if wrong < sequence else "rated":
            case "rated":
                events.append(rated(number, on=on, sequence=sequence, score=score))
            case "rerated":
                events.append(rerated(number, on=on, sequence=sequence, score=score, corrects=wrong))
            case _:
                events.append(unrated(number, on=on, sequence=sequence, corrects=wrong))
    return events


@st.composite
def zones(draw: st.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """All events of a few rides, and the same in any order, some twice, cut into batches."""
    events = [event for number in range(1, 1 + draw(st.integers(1, 3))) for event in draw(rides(number))]
    again = draw(st.lists(st.sampled_from(events), max_size=3))
    shuffled = draw(st.permutations([*events, *again]))
    cuts = sorted(draw(st.sets(st.integers(0, len(shuffled)), max_size=3)) | {0, len(shuffled)})
    return events, [shuffled[start:end] for start, end in pairwise(cuts)]


@settings(max_examples=150)
@given(zones())
def test_the_figures_are_those_of_the_events_that_nothing_corrects(zone: tuple[list[Event], list[list[Event]]]) -> None:
    events, batches = zone
    wrong = {corrected_by(event) for event in events}
    right = [event for event in events if event.envelope.id not in wrong]

    async def check() -> None:
        store = await that_heard(*batches)
        assert figures(store) == figures(await that_heard(right))
        ended: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for event in right:
            if isinstance(event, RideRated | RideRerated):
                of_a_day = event.business_id, event.envelope.effective.date().isoformat()
                ended[of_a_day].append((event.envelope.sequence, event.score))
        assert total(store, ENDED.id, "n") == len(ended)
        assert total(store, SCORE.id, "m") == sum(max(said)[1] for said in ended.values())

    asyncio.run(check())
