"""What callers see of sites."""

from typing import ClassVar, Self

from services.chassis.http.view import View
from services.incubator.sites.site import Site


class SiteView(View):
    """A site of the Demonstration Base."""

    at: ClassVar[str] = "/v1/incubator/sites"

    name: str
    """By which people call it."""
    time_zone: str
    """Whose wall clock it goes by: a name of the IANA database."""
    address: str
    """Where it stands."""
    area_m2: float
    """Its floor area in square metres, with at most two decimals."""
    common_tolerance_bps: int
    """By how much its sub-meters may exceed the main meter together, in basis points of the main meter."""

    @classmethod
    def of(cls, site: Site) -> Self:
        return cls.showing(site)
