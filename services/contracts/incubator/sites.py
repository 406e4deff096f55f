"""What the incubator tells everyone of its sites."""

from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ids import id_of

SITES = Topic("zone.incubator.sites")
"""The sites of the Demonstration Base."""

SiteId = Annotated[str, id_of("sit")]


class SiteOpened(Event, name="zone.incubator.site.opened.v1", topic=SITES, audience="public"):
    """A site of the Demonstration Base can be used; its area in square metres, at most two decimals."""

    site_id: SiteId
    name: str
    time_zone: str
    area_m2: float


class SiteChanged(Event, name="zone.incubator.site.changed.v1", topic=SITES, audience="public"):
    """A site has another name or another area than before."""

    site_id: SiteId
    name: str
    area_m2: float
