"""The tenants of the zone, as callers read them."""

from typing import Any

from fastapi import APIRouter

from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, TransactionalRoute
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.callers import Reader, must_see, seen_by
from services.incubator.tenants.tenant import Status, Tenant, tenant_id
from services.incubator.tenants.views import TenantView

router = APIRouter(prefix="/v1/incubator", route_class=TransactionalRoute, tags=["incubator"])


@router.get("/tenants")
async def list_tenants(
    reader: Reader, tx: InTx, page: InPage, status: Status | None = None, kind: BusinessKind | None = None
) -> Page[TenantView]:
    """The businesses that the incubator knows, oldest first."""
    where: dict[str, Any] = seen_by(reader)
    if status is not None:
        where["status"] = status.value
    if kind is not None:
        where["kind"] = kind.value
    return await page.of(tx, Tenant, where, TenantView.of)


@router.get("/tenants/{business_id}")
async def see_tenant(business_id: BusinessId, reader: Reader, tx: InTx) -> TenantView:
    """One business: whether it may trade, and which book is its own."""
    tenant = await tx.get(Tenant, tenant_id(business_id))
    must_see(reader, tenant.partner_id)
    return TenantView.of(tenant)
