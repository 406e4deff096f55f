"""The filter of a list of tenants, and how a body names one."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.errors import Conflict, NotFound
from services.chassis.http.filters import Filter, SearchText
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.tenants.tenant import Tenant, TenantStatus, tenant_id

TenantRef = Annotated[BusinessId, Path(description="The business, by its id.")]


class TenantFilter(Filter):
    """By name, by whether they may trade, and by kind."""

    q: SearchText | None = None
    status: TenantStatus | None = None
    """Whether the zone's offerings are open to it."""
    kind: BusinessKind | None = None
    """Industrial or cloud."""


async def trading_tenant(business_id: str, tx: Tx) -> Tenant:
    """The tenant of a business that a body names, if it may trade: for new bookings, postings and pledges.

    Raises:
        Conflict: `business_unknown_yet` with `Retry-After`, also where it is another partner's; `business_not_active`.
    """
    tenant = await own_tenant(business_id, tx)
    if not tenant.may_trade:
        raise Conflict(
            "Its business may not trade now.", code="business_not_active", business_status=tenant.status.value
        )
    return tenant


async def is_leaving(business_id: str, tx: Tx) -> bool:
    """Whether a business is being dissolved or is no more, as far as was heard by now: what a room asks that reacts."""
    tenant = await tx.find(Tenant, tenant_id(business_id))
    return tenant is not None and tenant.is_leaving


async def own_tenant(business_id: str, tx: Tx) -> Tenant:
    """The tenant of a business that a body names, whatever its status.

    Raises:
        Conflict: `business_unknown_yet` with `Retry-After`, also where it is another partner's.
    """
    try:
        return await tx.visible(Tenant, tenant_id(business_id))
    except NotFound:
        raise Conflict(
            "The incubator has not heard of this business, or not yet: it may be heard of in a moment.",
            code="business_unknown_yet",
            headers={"Retry-After": "1"},
        ) from None


TRADING = ("business_unknown_yet", "business_not_active")
"""With what `trading_tenant` refuses."""
