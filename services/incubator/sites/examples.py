"""What the document of the API shows of sites: a synthetic one."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.sites.bodies import ChangeSite, OpenSite
from services.incubator.sites.site import Site
from services.incubator.sites.views import SiteView

SITE: Final = Site(
    id="sit_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    name="示例电商大厦",
    time_zone="Asia/Shanghai",
    address="示例路1号",
    area_hundredths=1_250_050,
    common_tolerance_bps=200,
)

KEPT: Final[Sequence[Row]] = (SITE,)
BODIES: Final[Sequence[BaseModel]] = (
    OpenSite(name=SITE.name, address=SITE.address, area_m2=SITE.area_m2),
    ChangeSite(area_m2=12600.5),
)
ANSWERS: Final[Sequence[BaseModel]] = (SiteView.of(SITE),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
