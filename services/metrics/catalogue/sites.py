"""Sites of the Demonstration Base, their floor area, and what can be reserved there."""

from collections.abc import Iterator
from typing import Final

from services.chassis.domain.events import Event
from services.contracts.incubator.resources import ResourceAdded, ResourceChanged, ResourceRetired
from services.contracts.incubator.sites import SiteChanged, SiteOpened
from services.metrics.catalogue.dimensions.places import RESOURCE_KIND, SITE
from services.metrics.catalogue.offices import Office
from services.metrics.figures.kept import Stock
from services.metrics.figures.kpi import Name
from services.metrics.figures.subject import DatedFacts, Subject, effective_day


def hundredths(area_m2: float) -> int:
    """A floor area in hundredths of a square metre; it has at most two decimals."""
    return round(area_m2 * 100)


def opened(event: Event) -> Iterator[DatedFacts]:
    """That a site is there, and how large it is from a day on."""
    assert isinstance(event, SiteOpened | SiteChanged)
    on = effective_day(event)
    yield on, {"site": event.site_id, "area": hundredths(event.area_m2)}
    if isinstance(event, SiteOpened):
        yield on, {"opened": True}


def offered(event: Event) -> Iterator[DatedFacts]:
    """How many units of a resource there are, from a day on."""
    assert isinstance(event, ResourceAdded | ResourceChanged | ResourceRetired)
    on = effective_day(event)
    units = None if isinstance(event, ResourceRetired) else event.units
    yield on, {"site": event.site_id, "resource_kind": str(event.resource_kind), "units": units}
    if isinstance(event, ResourceAdded):
        yield on, {"added": True}


AREAS: Final = (SiteOpened, SiteChanged)
OFFERS: Final = (ResourceAdded, ResourceChanged, ResourceRetired)

SITES_OPEN: Final = Stock(
    "sites_open",
    name=Name("Sites that are open", "开放园区数"),
    owner=Office.FACILITIES,
    of="opened",
    unit="sites",
    formula="sites of the Demonstration Base",
    events=AREAS,
)
SITE_AREA: Final = Stock(
    "site_area",
    name=Name("Floor area of sites", "园区建筑面积"),
    owner=Office.FACILITIES,
    of="area",
    unit="m2",
    formula="sum of the floor areas of sites",
    events=AREAS,
)
RESOURCE_UNITS: Final = Stock(
    "resource_units",
    name=Name("Units that can be reserved", "可预订资源数"),
    owner=Office.FACILITIES,
    of="units",
    unit="units",
    formula="units of rooms, desks, equipment and time of consultants that can be reserved: added and not retired",
    events=OFFERS,
)

PLACE: Final = Subject(
    "site",
    heard_of=("sit",),
    events=AREAS,
    id_of=lambda event: event.site_id,
    facts=opened,
    known_by="opened",
    dimensions=(SITE,),
    kpis=(SITES_OPEN, SITE_AREA),
)
"""A site, from the day on which it was opened."""

RESOURCE: Final = Subject(
    "resource",
    heard_of=("res",),
    events=OFFERS,
    id_of=lambda event: event.resource_id,
    facts=offered,
    known_by="added",
    dimensions=(SITE, RESOURCE_KIND),
    pairs=(("resource_kind", "site"),),
    kpis=(RESOURCE_UNITS,),
)
"""A resource, until it is retired."""

SUBJECTS: Final = (PLACE, RESOURCE)
