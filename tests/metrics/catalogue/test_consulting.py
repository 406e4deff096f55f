"""Consulting: how many consultations were held, and how good they were."""

import asyncio
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.contracts.incubator.appointments import AppointmentCompleted, ConsultationRated
from tests.metrics.counting import One, counted, shown
from tests.metrics.happenings import id_of, noon, sample, told_by
from tests.metrics.questions import Asked, in_any_order


def told(event: type[Event], number: int, on: str, *, sequence: int, topic: str = "tax", **said: Any) -> Event:
    """An event of an appointment, recorded on a day."""
    id = id_of("rsv", number)
    made = sample(event, reservation_id=id, consulting_topic=topic, **said)
    return told_by(id, made, sequence, effective_at=noon(on))


def held(number: int = 1, *, on: str, said_on: str | None = None, topic: str = "tax") -> Event:
    return told(AppointmentCompleted, number, said_on or on, sequence=3, topic=topic, held_on=on)


def rated(number: int = 1, *, on: str, score: int, topic: str = "tax") -> Event:
    return told(ConsultationRated, number, on, sequence=4, topic=topic, score=score)


async def test_a_consultation_counts_on_the_day_on_which_it_began_whenever_it_is_said_to_be_over() -> None:
    asked = await Asked.after([held(on="2026-03-31", said_on="2026-04-07")])
    assert (await asked.value("consultations_held", period="2026-03")).value == 1
    assert (await asked.value("consultations_held", period="2026-04")).value == 0


async def test_one_that_was_told_before_its_day_was_counts_on_the_day_on_which_it_was_told() -> None:
    asked = await Asked.after([told(AppointmentCompleted, 1, "2026-04-07", sequence=3, held_on=None)])
    assert (await asked.value("consultations_held", period="2026-04-07")).value == 1


async def test_the_score_is_the_sum_of_scores_over_their_number_and_no_average_of_averages() -> None:
    asked = await Asked.after(
        [
            rated(1, on="2026-03-02", score=5),
            rated(2, on="2026-03-02", score=4),
            rated(3, on="2026-04-02", score=1, topic="law"),
        ]
    )
    answer = await asked.value("consultation_score")
    assert (answer.value, answer.numerator, answer.denominator) == (33_333, 10, 3)
    assert await asked.values("consultation_score", "topic") == {"tax": 45_000, "law": 10_000}


async def test_a_consultation_that_nobody_scored_has_no_score() -> None:
    asked = await Asked.after([held(on="2026-03-02")])
    assert (await asked.value("consultation_score")).value is None
    assert (await asked.value("consultations_held")).value == 1


DAYS = ["2025-12-31", "2026-01-01", "2026-03-01"]


@dataclass
class Meeting:
    """A consultation: when it was held and scored, if at all."""

    topic: str
    held: str | None
    scored: tuple[str, int] | None


@st.composite
def meetings(draw: st.DrawFn) -> tuple[list[Meeting], list[list[Event]]]:
    days = st.sampled_from(DAYS)
    found = draw(
        st.lists(
            st.builds(
                Meeting,
                st.sampled_from(["tax", "law"]),
                st.none() | days,
                st.none() | st.tuples(days, st.integers(1, 5)),
            ),
            max_size=5,
        )
    )
    events: list[Event] = []
    for number, meeting in enumerate(found):
        if meeting.held:
            events.append(held(number, on=meeting.held, said_on=draw(days), topic=meeting.topic))
        if meeting.scored:
            on, score = meeting.scored
            events.append(rated(number, on=on, score=score, topic=meeting.topic))
    return found, draw(in_any_order(events))


@settings(max_examples=60)
@given(meetings(), st.sampled_from(DAYS))
def test_both_figures_are_what_counting_the_consultations_one_by_one_gives(
    zone: tuple[list[Meeting], list[list[Event]]], on: str
) -> None:
    found, batches = zone
    took_place = [One(1, {"topic": each.topic}) for each in found if each.held and each.held <= on]
    scores = [One((each.scored[1], 1), {"topic": each.topic}) for each in found if each.scored and each.scored[0] <= on]

    async def check() -> None:
        asked = await Asked.after(*batches)
        for kpi, things in (("consultations_held", took_place), ("consultation_score", scores)):
            assert await shown(asked, kpi, "topic", on) == counted(kpi, things, "topic")

    asyncio.run(check())
