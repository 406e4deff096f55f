"""What callers see of tenants."""

from typing import ClassVar, Self

from services.chassis.domain.growing import Growing
from services.chassis.domain.times import Instant
from services.chassis.http.view import View
from services.contracts.incubator.finance import BookId
from services.contracts.registry.businesses import BusinessId, BusinessKind
from services.incubator.tenants.tenant import Status, Tenant, book_id


class TenantView(View):
    """A business as the incubator knows it."""

    at: ClassVar[str] = "/v1/incubator/tenants"

    business_id: BusinessId
    partner_id: str
    name: str
    kind: Growing[BusinessKind]
    sector: str
    status: Status
    since: Instant
    may_trade: bool
    book_id: BookId

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        return cls.showing(tenant, book_id=book_id(tenant.business_id))
