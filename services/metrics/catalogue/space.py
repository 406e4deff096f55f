"""Co-working space: how much of what could be had was had, and what area incubatees use."""

from collections.abc import Iterator
from typing import Any, Final

from services.chassis.domain.events import Event
from services.contracts.incubator.allocations import (
    AllocationChanged,
    AllocationEnded,
    AllocationEvent,
    AllocationStarted,
)
from services.contracts.incubator.resources import ResourceDayClosed, ResourceUsage
from services.metrics.catalogue.dimensions.places import RESOURCE_KIND, SITE
from services.metrics.catalogue.offices import Office
from services.metrics.catalogue.sites import AREAS, SITE_AREA, hundredths
from services.metrics.figures.derived import Quotient
from services.metrics.figures.history import Change
from services.metrics.figures.kept import Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name, Part
from services.metrics.figures.periods import DAY
from services.metrics.figures.subject import DatedFacts, Matter, Subject, effective_day

MINUTES_A_DAY: Final = 24 * 60
HAD, AREA, INCUBATING = "had:", "area:", "incubating:"
"""Before the id of an allocation: whether its holder has it, its area, and whether it incubates."""


def closed(event: Event) -> Iterator[DatedFacts]:
    """How much of one kind of resources could be had on a day, and was; a day of a unit is all of its minutes."""
    assert isinstance(event, ResourceDayClosed)
    scale = MINUTES_A_DAY if event.usage == ResourceUsage.ALLOCATABLE else 1
    on = event.on.isoformat()
    yield on, {"site": event.site_id, "resource_kind": str(event.resource_kind)}
    yield on, {"open": event.open * scale, "occupied": event.occupied * scale}


def held(event: Event) -> Iterator[DatedFacts]:
    """What a business has at a site: each allocation from its first day to its last, and whether it incubates."""
    assert isinstance(event, AllocationEvent)
    id = event.allocation_id
    match event:
        case AllocationStarted():
            on = event.started_on.isoformat()
            yield on, {"site": event.site_id, HAD + id: True, INCUBATING + id: event.incubating}
            yield on, {AREA + id: 0 if event.area_m2 is None else hundredths(event.area_m2)}
        case AllocationChanged():
            yield effective_day(event), {INCUBATING + id: event.incubating}
        case AllocationEnded():
            yield (event.ended_on + DAY).isoformat(), {HAD + id: None}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def _end(event: Any) -> Matter | None:
    """An end that is told again takes the place of the one before."""
    return (HAD + event.allocation_id, "") if isinstance(event, AllocationEnded) else None


def _had(change: Change, *, by_incubatees: bool) -> int | None:
    """The area of what a business has at the end of a day, all of it or as an incubatee; None where it has nothing."""
    had = [name.removeprefix(HAD) for name, had in change.after.items() if name.startswith(HAD) and had]
    areas = [change.after[AREA + id] for id in had if change.after[INCUBATING + id] or not by_incubatees]
    return sum(areas) if areas else None


def area_had(change: Change) -> int | None:
    """The area of everything that a business has at a site."""
    return _had(change, by_incubatees=False)


def area_as_incubatee(change: Change) -> int | None:
    """The area of what it has as an incubatee."""
    return _had(change, by_incubatees=True)


def is_incubatee(change: Change) -> bool | None:
    """Whether it has anything as an incubatee."""
    return None if area_as_incubatee(change) is None else True


STAYS: Final = (AllocationStarted, AllocationChanged, AllocationEnded)

OCCUPANCY: Final = Ratio(
    "space_occupancy",
    name=Name("Occupancy of space", "空间使用率"),
    owner=Office.FACILITIES,
    numerator="occupied",
    denominator="open",
    timing="flow",
    unit=RATIO,
    formula="occupied / open minutes of units, without what staff kept free; of what is allocated by days, 1,440 a day",
    events=(ResourceDayClosed,),
)
AREA_ALLOCATED: Final = Stock(
    "area_allocated",
    name=Name("Floor area allocated", "已分配面积"),
    owner=Office.FACILITIES,
    of=area_had,
    unit="m2",
    formula="floor area that is allocated to businesses",
    events=STAYS,
)
AREA_OF_INCUBATEES: Final = Stock(
    "area_of_incubatees",
    name=Name("Floor area of incubatees", "在孵企业使用面积"),
    owner=Office.FACILITIES,
    of=area_as_incubatee,
    unit="m2",
    formula="floor area that is allocated to businesses that incubate, as each allocation says",
    events=STAYS,
)
INCUBATEES: Final = Stock(
    "incubatees_housed",
    name=Name("Incubatees that are housed", "入驻在孵企业数"),
    owner=Office.FACILITIES,
    of=is_incubatee,
    unit="businesses",
    formula="businesses that incubate, as one of their allocations says, once a site",
    events=STAYS,
)
AREA_PER_INCUBATEE: Final = Ratio(
    "area_per_incubatee",
    name=Name("Floor area per incubatee", "在孵企业平均面积"),
    owner=Office.FACILITIES,
    numerator=area_as_incubatee,
    denominator=is_incubatee,
    unit="m2",
    formula="area_of_incubatees / incubatees_housed",
    events=STAYS,
)

RESOURCE_DAY: Final = Subject(
    "resource_day",
    heard_of=("rdy",),
    events=(ResourceDayClosed,),
    id_of=lambda event: event.envelope.subject,
    facts=closed,
    known_by="open",
    dimensions=(SITE, RESOURCE_KIND),
    pairs=(("resource_kind", "site"),),
    kpis=(OCCUPANCY,),
)
"""A day of one kind of resources of a site; closed again, it is a correction."""

HOLDER: Final = Subject(
    "holder",
    heard_of=("alc",),
    events=STAYS,
    id_of=lambda event: f"{event.business_id}|{event.site_id}",
    facts=held,
    restates=_end,
    known_by="site",
    dimensions=(SITE,),
    kpis=(AREA_ALLOCATED, AREA_OF_INCUBATEES, INCUBATEES, AREA_PER_INCUBATEE),
)
"""A business at a site at which anything was ever allocated to it."""

SHARE_USED: Final = Quotient(
    "share_used_by_incubatees",
    name=Name("Share of floor area that incubatees use", "在孵企业使用面积占比"),
    owner=Office.FACILITIES,
    numerator=Part(AREA_OF_INCUBATEES, {}),
    denominator=Part(SITE_AREA, {}),
    unit=RATIO,
    formula="area_of_incubatees / site_area",
    events=(*STAYS, *AREAS),
)

SUBJECTS: Final = (RESOURCE_DAY, HOLDER)
DERIVED: Final = (SHARE_USED,)
