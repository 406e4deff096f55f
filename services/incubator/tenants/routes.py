"""The tenants of the zone, as callers read them."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.incubator.callers import Reader
from services.incubator.tenants.queries import TenantFilter, TenantRef
from services.incubator.tenants.tenant import Tenant, tenant_id
from services.incubator.tenants.views import TenantView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute)


@router.get("/tenants")
async def list_tenants(
    asked: Annotated[TenantFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[TenantView]:
    """The businesses that the incubator knows, oldest first."""
    return await page.of(tx, Tenant, asked.where(), TenantView.of)


@router.get("/tenants/{business_id}")
async def see_tenant(business_id: TenantRef, reader: Reader, tx: InTx) -> TenantView:
    """One business: whether it may trade, and which book is its own."""
    return TenantView.of(await tx.visible(Tenant, tenant_id(business_id)))
