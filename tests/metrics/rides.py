"""A second subject beside businesses: rides on its bicycles, with events and KPIs for tests alone."""

from collections.abc import Iterator
from typing import Any, Final

from services.chassis.domain.aggregate import event_id
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.times import zone_date
from services.contracts.registry.businesses import BusinessRegistered
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.history import days_in
from services.metrics.figures.kept import Dist, Flow, Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.subject import DatedFacts, Subject
from tests.metrics.happenings import business, delivered


class RideBegun(Event, name="zone.test.ride.begun.v1", topic=Topic("zone.test.rides")):
    """Somebody set out on a bicycle of the zone."""

    business_id: str
    district: str


class RideRated(Event, name="zone.test.ride.rated.v1", topic=Topic("zone.test.rides")):
    """A ride is over, and was good from 1 to 5."""

    business_id: str
    score: int


class RideRerated(Event, name="zone.test.ride.rerated.v1", topic=Topic("zone.test.rides")):
    """What was said of a ride that is over was wrong: this is right."""

    business_id: str
    score: int
    corrects: str


class RideUnrated(Event, name="zone.test.ride.unrated.v1", topic=Topic("zone.test.rides")):
    """What was said of a ride that is over was wrong: it is not."""

    business_id: str
    corrects: str


def stated(event: Event) -> Iterator[DatedFacts]:
    on = zone_date(event.envelope.effective).isoformat()
    match event:
        case RideBegun():
            yield on, {"begun": True, "status": "under_way", "district": event.district}
        case RideRated() | RideRerated():
            yield on, {"status": "ended", "score": event.score, "rated": True}
        case RideUnrated():
            pass
        case BusinessRegistered():
            yield on, {"member": True}


EVENTS: Final = (RideBegun, RideRated, RideRerated, RideUnrated)
COMMON: Final[dict[str, Any]] = {
    "name": Name("Of rides", "骑行"),
    "owner": "bicycles",
    "formula": "for a test",
    "events": EVENTS,
}
UNDER_WAY: Final = Stock("rides_under_way", of="begun", unit="rides", **COMMON)
ENDED: Final = Flow("rides_ended", of="rated", unit="rides", **COMMON)
SCORE: Final = Ratio("ride_score", numerator="score", denominator="rated", timing="flow", unit=RATIO, **COMMON)
LENGTH: Final = Dist("ride_days", of=days_in("status", "under_way", until="ended"), unit="days", **COMMON)

RIDE: Final = Subject(
    "ride",
    heard_of=("rid",),
    events=(*EVENTS, BusinessRegistered),
    id_of=lambda event: event.business_id,
    facts=stated,
    known_by="begun",
    counted_while=lambda state: state.get("status") == "under_way",
    dimensions=(Dimension("district", str, of=lambda state: str(state["district"])),),
    pairs=(),
    kpis=(UNDER_WAY, ENDED, SCORE, LENGTH),
)


def begun(number: int = 1, *, on: str, sequence: int = 1, district: str = "north") -> RideBegun:
    return delivered(RideBegun(business_id=business(number), district=district), number, sequence, on)


def rated(number: int = 1, *, on: str, sequence: int = 2, score: int) -> RideRated:
    return delivered(RideRated(business_id=business(number), score=score), number, sequence, on)


def rerated(number: int = 1, *, on: str, sequence: int, score: int, corrects: int) -> RideRerated:
    event = RideRerated(business_id=business(number), score=score, corrects=event_id(business(number), corrects))
    return delivered(event, number, sequence, on)


def unrated(number: int = 1, *, on: str, sequence: int, corrects: int) -> RideUnrated:
    event = RideUnrated(business_id=business(number), corrects=event_id(business(number), corrects))
    return delivered(event, number, sequence, on)
