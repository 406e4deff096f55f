"""What the registry says, and what it does to the tenants."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.domain.errors import Reject
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessRegistered, BusinessResumed, BusinessSuspended
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
)
from services.incubator.tenants.tenant import Tenant, TenantStatus, tenant_id

on = Handlers()

OfABusiness = (
    BusinessSuspended | BusinessResumed | BusinessDissolutionStarted | BusinessDissolutionCancelled | BusinessDissolved
)


@on(BusinessRegistered, loads=lambda event: [(Tenant, tenant_id(event.business_id))])
async def welcome(event: BusinessRegistered, tx: Tx) -> None:
    """A registered business becomes a tenant."""
    if await tx.find(Tenant, tenant_id(event.business_id)) is None:
        tx.save(Tenant.welcome(event, since=event.envelope.effective))


@on(BusinessSuspended, loads=lambda event: [(Tenant, tenant_id(event.business_id))])
async def block(event: BusinessSuspended, tx: Tx) -> None:
    """A suspended business gets no new bookings, postings or pledges; what runs stays."""
    await _follow(event, TenantStatus.SUSPENDED, tx)


@on(BusinessResumed, loads=lambda event: [(Tenant, tenant_id(event.business_id))])
async def unblock(event: BusinessResumed, tx: Tx) -> None:
    """A business that trades again may use everything again."""
    await _follow(event, TenantStatus.ACTIVE, tx)


@on(BusinessDissolutionStarted, loads=lambda event: [(Tenant, tenant_id(event.business_id))])
async def take_leave(event: BusinessDissolutionStarted, tx: Tx) -> None:
    """A business that is being dissolved gets nothing new, and what it has here ends."""
    await _follow(event, TenantStatus.DISSOLVING, tx)


@on(BusinessDissolutionCancelled, loads=lambda event: [(Tenant, tenant_id(event.business_id))])
async def stay(event: BusinessDissolutionCancelled, tx: Tx) -> None:
    """A business that stays is again what it was; what has ended meanwhile does not come back.

    Who is something that is not known here does not trade.
    """
    trades = event.status == TenantStatus.ACTIVE
    await _follow(event, TenantStatus.ACTIVE if trades else TenantStatus.SUSPENDED, tx)


@on(BusinessDissolved, loads=lambda event: [(Tenant, tenant_id(event.business_id))])
async def say_farewell(event: BusinessDissolved, tx: Tx) -> None:
    """A business is no more."""
    await _follow(event, TenantStatus.DISSOLVED, tx)


async def _follow(event: OfABusiness, status: TenantStatus, tx: Tx) -> None:
    tenant = await tenant_of(event.business_id, tx)
    if tenant.follow(status, since=event.envelope.effective, sequence=event.envelope.sequence):
        tx.save(tenant)


async def tenant_of(business_id: str, tx: Tx) -> Tenant:
    """The tenant of a business.

    Raises:
        Reject: there is none. The events of a business come in its own order, its registration first, so waiting
            would not help: something is wrong, and a person must look at it.
    """
    tenant = await tx.find(Tenant, tenant_id(business_id))
    if tenant is None:
        raise Reject(f"{business_id} is not a tenant: its registration was never heard of")
    return tenant
