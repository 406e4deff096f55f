"""Dimensions that several subjects share: at which site, and what for."""

from typing import Final

from services.contracts.incubator.resources import ResourceKind
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import Utility
from services.metrics.figures.dimensions import Dimension

SITE: Final = Dimension("site", SiteId, of=lambda state: str(state["site"]), about="A site, by its id.")
RESOURCE_KIND: Final = Dimension(
    "resource_kind",
    ResourceKind,
    values=tuple(kind.value for kind in ResourceKind),
    of=lambda state: str(state["resource_kind"]),
    about="Rooms, desks, equipment, …",
)
UTILITY: Final = Dimension(
    "utility",
    Utility,
    values=tuple(utility.value for utility in Utility),
    of=lambda state: str(state["utility"]),
    about="Water or electricity.",
)
