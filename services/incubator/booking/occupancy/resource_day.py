"""A resource day: how much of one kind of resources of a site could be had on a day, and how much of it was had."""

import uuid
from datetime import date
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.times import Day
from services.contracts.incubator.resources import ResourceDayClosed, ResourceKind, ResourceUsage
from services.contracts.incubator.sites import SiteId


class ResourceDay(Aggregate):
    """A day of the zone that is over, of one kind of resources of a site that are reserved in one way.

    Attributes:
        open: what could be had, as the day was closed; it stays.
        occupied: what was had; corrected as reservations of that day are.
    """

    collection: ClassVar[str] = "resource_days"
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("site_id", 1), ("on", 1)),)
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["site_id", "resource_kind", "usage", "on", "open", "occupied"],
            "properties": {
                "on": {"bsonType": "date"},
                "open": {"bsonType": ["int", "long"], "minimum": 0},
                "occupied": {"bsonType": ["int", "long"], "minimum": 0},
            },
        }
    }

    site_id: SiteId
    resource_kind: ResourceKind
    usage: ResourceUsage
    on: Day
    open: int
    occupied: int

    @classmethod
    def close(
        cls, site_id: str, kind: ResourceKind, usage: ResourceUsage, on: date, *, open: int, occupied: int
    ) -> Self:
        """A day that is over."""
        id = resource_day_id(site_id, kind, usage, on)
        day = cls(id=id, site_id=site_id, resource_kind=kind, usage=usage, on=on, open=open, occupied=occupied)
        day._tell()
        return day

    def correct(self, occupied: int) -> bool:
        """Say how much was had, as it is known now; whether that is something else than before."""
        if occupied == self.occupied:
            return False
        self.occupied = occupied
        self._tell()
        return True

    def _tell(self) -> None:
        said = self.model_dump(include={"site_id", "resource_kind", "usage", "on", "open", "occupied"})
        self.record(ResourceDayClosed.model_validate(said))


def resource_day_id(site_id: str, kind: ResourceKind, usage: ResourceUsage, on: date) -> str:
    """The day of a kind at a site: a name-based id (RFC 9562 §5.5), so that it is closed once."""
    name = f"{kind}|{usage}|{on.isoformat()}"
    return f"rdy_{uuid.uuid5(uuid.UUID(site_id.removeprefix('sit_')), name).hex}"
