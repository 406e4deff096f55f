"""Dimensions that several subjects share: whose it is, at which site, and what for."""

from typing import Final

from services.contracts.incubator.resources import ResourceKind
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import Utility
from services.contracts.registry.businesses import BusinessKind
from services.metrics.figures.dimensions import Dimension

SITE: Final = Dimension("site", SiteId, of=lambda state: str(state["site"]), about="A site, by its id.")
RESOURCE_KIND: Final = Dimension(
    "resource_kind",
    ResourceKind,
    values=tuple(kind.value for kind in ResourceKind),
    of=lambda state: str(state["resource_kind"]),
    about="What is reserved: rooms, desks, equipment and so on.",
)
BUSINESS_KIND: Final = Dimension(
    "kind",
    BusinessKind,
    values=tuple(kind.value for kind in BusinessKind),
    of=lambda state: str(state["kind"]),
    about="Industrial or cloud.",
)
UTILITY: Final = Dimension(
    "utility",
    Utility,
    values=tuple(utility.value for utility in Utility),
    of=lambda state: str(state["utility"]),
    about="Water or electricity.",
)
