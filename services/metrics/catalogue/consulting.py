"""Consulting: consultations that were held and how good they were, with the KPIs that follow."""

from collections.abc import Iterator
from typing import Final

from services.chassis.domain.events import Event
from services.contracts.incubator.appointments import AppointmentCompleted, ConsultationRated, ConsultingTopic
from services.metrics.catalogue.offices import Office
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.kept import Flow, Ratio
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.subject import DatedFacts, Subject, effective_day


def stated(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a consultation: that it was held, or how good it was; either may be said first."""
    on = effective_day(event)
    match event:
        case AppointmentCompleted():
            held = event.held_on.isoformat() if event.held_on else on
            yield held, {"held": True, "topic": event.consulting_topic}
        case ConsultationRated():
            yield on, {"score": event.score, "rated": True, "topic": event.consulting_topic}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


HELD: Final = Flow(
    "consultations_held",
    name=Name("Consultations held", "咨询服务次数"),
    owner=Office.INCUBATION,
    of="held",
    unit="consultations",
    formula="consultations that took place, by the day on which they began",
    events=(AppointmentCompleted,),
)
SCORE: Final = Ratio(
    "consultation_score",
    name=Name("Score of consultations", "咨询服务评分"),
    owner=Office.INCUBATION,
    numerator="score",
    denominator="rated",
    timing="flow",
    unit=RATIO,
    formula="sum of the scores that businesses gave, from 1 to 5 / how many did, by the day of the score",
    events=(ConsultationRated,),
)

CONSULTATION: Final = Subject(
    "consultation",
    heard_of=("rsv",),
    events=(AppointmentCompleted, ConsultationRated),
    id_of=lambda event: event.reservation_id,
    facts=stated,
    known_by="topic",
    counted_while=lambda state: False,
    dimensions=(
        Dimension(
            "topic", ConsultingTopic, of=lambda state: str(state["topic"]), about="What a consultation is about."
        ),
    ),
    kpis=(HELD, SCORE),
)
"""A consultation counts once it was held or scored."""

SUBJECTS: Final = (CONSULTATION,)
