"""The sites of the Demonstration Base over HTTP."""

from fastapi import APIRouter

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader, Staff
from services.incubator.kernel.area import hundredths
from services.incubator.sites.bodies import ChangeSite, OpenSite
from services.incubator.sites.queries import SiteRef
from services.incubator.sites.site import Site
from services.incubator.sites.views import SiteView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.post("/sites", status_code=201)
async def open_site(body: OpenSite, staff: Staff, tx: InTx) -> SiteView:
    """Open a site."""
    said = body.model_dump(exclude={"area_m2"})
    return SiteView.of(tx.save(Site.open(**said, area_hundredths=hundredths(body.area_m2))))


@router.get("/sites")
async def list_sites(reader: Reader, tx: InTx, page: InPage) -> Page[SiteView]:
    """The sites of the Demonstration Base, oldest first."""
    return await page.of(tx, Site, {}, SiteView.of)


@router.get("/sites/{site_id}")
async def see_site(site_id: SiteRef, reader: Reader, tx: InTx) -> SiteView:
    """One site."""
    return SiteView.of(await tx.visible(Site, site_id))


@router.patch("/sites/{site_id}")
async def change_site(site_id: SiteRef, body: ChangeSite, staff: Staff, tx: InTx) -> SiteView:
    """Say something else of a site; the time that it keeps stays for good."""
    site = await tx.visible(Site, site_id)
    area = None if body.area_m2 is None else hundredths(body.area_m2)
    site.change(**body.model_dump(exclude={"area_m2"}), area_hundredths=area)
    return SiteView.of(tx.save(site))
