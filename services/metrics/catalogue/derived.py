"""KPIs that follow from others, of whatever subject."""

from typing import Final

from services.metrics.catalogue.businesses import ACTIVE
from services.metrics.catalogue.offices import Office
from services.metrics.figures.derived import Derived
from services.metrics.figures.kpi import RATIO, RATIO_DECIMALS, Name, Part
from services.metrics.figures.sums import rounded_ratio


def share(part: int, whole: int) -> int | None:
    """A part of a whole as a ratio of four decimals; None where the whole is 0."""
    return rounded_ratio(part * 10**RATIO_DECIMALS, whole)


CLOUD_SHARE: Final = Derived(
    "cloud_share",
    name=Name("Share of cloud businesses", "云企业占比"),
    owner=Office.REGISTRATION,
    inputs=(Part(ACTIVE, {"kind": "cloud"}), Part(ACTIVE, {})),
    compute=share,
    unit=RATIO,
    formula="businesses_active of kind cloud / businesses_active",
    events=ACTIVE.events,
)
