"""What staff sends of a site."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Change, Part
from services.chassis.domain.texts.text import Text
from services.incubator.kernel.area import SquareMetres
from services.incubator.kernel.local_time import TimeZoneName

SiteName = Annotated[str, Text(at_most=100)]
Address = Annotated[str, Text(at_most=200)]
Tolerance = Annotated[int, Field(ge=0, le=10_000)]


class OpenSite(Part):
    """A place that is to be used."""

    name: SiteName
    """By which people call it."""
    time_zone: TimeZoneName = "Asia/Shanghai"
    """Whose wall clock it goes by; it stays for good."""
    address: Address
    """Where it stands."""
    area_m2: SquareMetres
    """Its floor area."""
    common_tolerance_bps: Tolerance = 200
    """By how much its sub-meters may exceed the main meter together, in basis points of the main meter."""


class ChangeSite(Part):
    """What is to change of a site; what is left out stays (RFC 7396)."""

    name: Change[SiteName] = None
    """Another name, by which people call it."""
    address: Change[Address] = None
    """Another address, in lines as on an envelope."""
    area_m2: Change[SquareMetres] = None
    """Another floor area."""
    common_tolerance_bps: Change[Tolerance] = None
    """Another tolerance, in basis points (a hundredth of a percent)."""
