"""How a path or a body names a site."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.sites import SiteId
from services.incubator.sites.site import Site

SiteRef = Annotated[SiteId, Path(description="The site, by its id.")]


async def site_named(site_id: str, tx: Tx) -> Site:
    """The site that a member `site_id` of a body names.

    Raises:
        Unprocessable: `site_unknown`.
    """
    site = await tx.find(Site, site_id)
    if site is None:
        refuse(Violation("site_unknown", "There is no such site.", ("site_id",)))
    assert site is not None
    return site
