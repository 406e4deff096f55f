"""Businesses over HTTP: search, read, and read as they were."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import CountedPage, InCountedSortedPage, InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.registry.businesses import queries
from services.registry.businesses.business import Business
from services.registry.businesses.queries import (
    BUSINESS_SORTS,
    AsOf,
    BusinessFilter,
    BusinessRef,
    Version,
    open_business,
)
from services.registry.businesses.views import (
    AnyBusiness,
    BusinessVersionSummary,
    BusinessVersionView,
    BusinessView,
    view_of,
)
from services.registry.callers import Reader

VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="Which version.")]


router = APIRouter(prefix="/v1/registry/businesses", route_class=TransactionalRoute)


@router.get("")
async def search_businesses(
    asked: Annotated[BusinessFilter, Query()], reader: Reader, tx: InTx, page: InCountedSortedPage
) -> CountedPage[AnyBusiness]:
    """Find businesses."""
    return await page.counted(
        tx, Business, asked.where(), lambda business: view_of(business, reader), sorts=BUSINESS_SORTS
    )


@router.get("/{business_id}")
@refuses("ambiguous", "as_of_in_future", "not_registered_at")
async def show_business(
    business_id: BusinessRef, reader: Reader, tx: InTx, as_of: AsOf = None, version: Version = None
) -> AnyBusiness:
    """A business by its id, its registration number or `uscc:` and its credit code; now or as it was."""
    business = await queries.business_by(business_id, tx)
    return view_of(await queries.business_then(business, tx, as_of=as_of, version=version), reader)


@router.get("/{business_id}/versions")
async def list_versions(
    business_id: BusinessRef, reader: Reader, tx: InTx, page: InPage
) -> Page[BusinessVersionSummary]:
    """What each change of a business changed."""
    return await queries.history(await open_business(business_id, tx), page, tx)


@router.get("/{business_id}/versions/{number}")
async def show_version(
    business_id: BusinessRef, number: VersionNumber, reader: Reader, tx: InTx
) -> BusinessVersionView:
    """A version of a business, whole."""
    row = await queries.version_of(await open_business(business_id, tx), number, tx)
    summary = BusinessVersionSummary.of(row, await queries.version_after(row, tx))
    return BusinessVersionView(**dict(summary), business=BusinessView.of(row.snapshot, reader))
