"""A site: a place of the Demonstration Base, with rooms, desks and meters, that keeps the time of where it stands."""

from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.contracts.incubator.sites import SiteChanged, SiteOpened
from services.incubator.kernel.area import square_metres


class Site(Aggregate):
    """A site: a place of the Demonstration Base.

    Attributes:
        time_zone: IANA name; opening hours and wall times of all that stands there are told by it, for good.
        area_hundredths: its floor area in hundredths of a square metre.
        common_tolerance_bps: by how much of the main meter, in basis points, sub-meters may exceed it together.
    """

    collection: ClassVar[str] = "sites"
    shown_to: ClassVar = PUBLIC
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["name", "time_zone", "area_hundredths", "common_tolerance_bps"],
            "properties": {
                "area_hundredths": {"bsonType": ["int", "long"], "minimum": 1},
                "common_tolerance_bps": {"bsonType": ["int", "long"], "minimum": 0},
            },
        }
    }

    name: str
    time_zone: str
    address: str
    area_hundredths: int
    common_tolerance_bps: int

    @classmethod
    def open(cls, *, name: str, time_zone: str, address: str, area_hundredths: int, common_tolerance_bps: int) -> Self:
        """A new site."""
        site = cls(
            id=new_id("sit"),
            name=name,
            time_zone=time_zone,
            address=address,
            area_hundredths=area_hundredths,
            common_tolerance_bps=common_tolerance_bps,
        )
        site.record(SiteOpened(site_id=site.id, name=name, time_zone=time_zone, area_m2=site.area_m2))
        return site

    @property
    def zone(self) -> ZoneInfo:
        """Whose wall clock it goes by."""
        return ZoneInfo(self.time_zone)

    @property
    def area_m2(self) -> float:
        """Its floor area in square metres."""
        return square_metres(self.area_hundredths)

    def change(
        self,
        *,
        name: str | None = None,
        address: str | None = None,
        area_hundredths: int | None = None,
        common_tolerance_bps: int | None = None,
    ) -> None:
        """Say something else of it; what is not given stays. A new name or area is told to everyone."""
        told = (self.name, self.area_hundredths)
        self.name = self.name if name is None else name
        self.address = self.address if address is None else address
        self.area_hundredths = self.area_hundredths if area_hundredths is None else area_hundredths
        if common_tolerance_bps is not None:
            self.common_tolerance_bps = common_tolerance_bps
        if told != (self.name, self.area_hundredths):
            self.record(SiteChanged(site_id=self.id, name=self.name, area_m2=self.area_m2))
