"""Businesses over HTTP: search, read, and read as they were."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.chassis.caller import Caller
from services.chassis.errors import NotFound
from services.chassis.paging import InPage, InSortedPage, Page
from services.chassis.route import InTx, TransactionalRoute
from services.chassis.store import Tx
from services.contracts.registry import FilingType
from services.registry import queries
from services.registry.business import Business
from services.registry.callers import FilingReader, Reader
from services.registry.filing import Filing
from services.registry.particulars import FilingStatus
from services.registry.queries import BUSINESS_SORTS, AsOf, BusinessRef, BusinessSearch, Version
from services.registry.views import (
    BusinessExtract,
    BusinessView,
    FilingView,
    VersionSummary,
    VersionView,
    is_open_to,
    view_of,
)

VersionNumber = Annotated[int, Path(ge=1, lt=2**31)]

router = APIRouter(prefix="/v1/registry/businesses", route_class=TransactionalRoute)


@router.get("")
async def search_businesses(
    where: BusinessSearch, reader: Reader, tx: InTx, page: InSortedPage
) -> Page[BusinessView | BusinessExtract]:
    """Find businesses."""
    return await page.of(tx, Business, where, lambda business: view_of(business, reader), sorts=BUSINESS_SORTS)


@router.get("/{business_id}")
async def show_business(
    business_id: BusinessRef, reader: Reader, tx: InTx, as_of: AsOf = None, version: Version = None
) -> BusinessView | BusinessExtract:
    """A business by its id, its registration number or `uscc:` and its credit code; now or as it was."""
    business = await queries.business_by(business_id, tx)
    return view_of(await queries.business_then(business, tx, as_of=as_of, version=version), reader)


@router.get("/{business_id}/versions")
async def list_versions(business_id: BusinessRef, reader: Reader, tx: InTx, page: InPage) -> Page[VersionSummary]:
    """What each change of a business changed."""
    return await queries.history(await open_business(business_id, reader, tx), page, tx)


@router.get("/{business_id}/versions/{number}")
async def show_version(business_id: BusinessRef, number: VersionNumber, reader: Reader, tx: InTx) -> VersionView:
    """A version of a business, whole."""
    row = await queries.version_of(await open_business(business_id, reader, tx), number, tx)
    summary = VersionSummary.of(row, await queries.version_after(row, tx))
    return VersionView(**dict(summary), business=BusinessView.of(row.snapshot, reader))


@router.get("/{business_id}/filings")
async def list_filings_of_business(
    business_id: BusinessRef, reader: FilingReader, tx: InTx, page: InPage
) -> Page[FilingView]:
    """The filings of a business."""
    business = await open_business(business_id, reader, tx)
    return await page.of(tx, Filing, {"business_id": business.id}, lambda filing: FilingView.of(filing, reader))


@router.get("/{business_id}/annual-reports")
async def list_annual_reports(
    business_id: BusinessRef, reader: FilingReader, tx: InTx, page: InPage
) -> Page[FilingView]:
    """The annual reports that a business has completed."""
    business = await open_business(business_id, reader, tx)
    where = {"business_id": business.id, "type": FilingType.ANNUAL_REPORT, "status": FilingStatus.COMPLETED}
    return await page.of(tx, Filing, where, lambda filing: FilingView.of(filing, reader))


async def open_business(ref: str, caller: Caller, tx: Tx) -> Business:
    """A business that the caller may see in full. Raises NotFound."""
    business = await queries.business_by(ref, tx)
    if not is_open_to(business, caller):
        raise NotFound
    return business
