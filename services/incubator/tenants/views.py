"""What callers see of tenants."""

from typing import ClassVar, Self

from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import AnyId
from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.tenants.tenant import Tenant, TenantStatus, book_id


class TenantView(View):
    """A business as the incubator knows it."""

    at: ClassVar[str] = "/v1/incubator/tenants"

    business_id: BusinessId
    """The business of the register whose tenant this is."""
    partner_id: AnyId
    """The partner that registered it: its owner in this API."""
    name: str
    """Its legal name."""
    kind: Growing[BusinessKind]
    """Industrial or cloud."""
    sector: str
    """Its primary code of GB/T 4754-2017, two to four digits."""
    status: TenantStatus
    """Whether the zone's offerings are open to it."""
    since: Instant
    """Since when it has this status."""
    may_trade: bool
    """Whether it may book, post and pledge."""
    book_id: BookId
    """The double-entry book that was opened for it."""

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        return cls.showing(tenant, book_id=book_id(tenant.business_id))
