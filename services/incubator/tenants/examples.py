"""What the document of the API shows of tenants: the one that a synthetic business became."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.contracts.registry.businesses import BusinessKind
from services.incubator.tenants.tenant import Tenant, TenantStatus, tenant_id
from services.incubator.tenants.views import TenantView

DIGITS: Final = "0195f3a4b5c67d8e9f00112233445566"
BUSINESS: Final = f"biz_{DIGITS}"
OWNER: Final = f"par_{DIGITS}"

TENANT: Final = Tenant(
    id=tenant_id(BUSINESS),
    version=1,
    business_id=BUSINESS,
    partner_id=OWNER,
    name="示例晨光纺织有限公司",
    kind=BusinessKind.INDUSTRIAL,
    sector="1711",
    status=TenantStatus.ACTIVE,
    since=parse_instant("2026-11-25T02:00:00Z"),
)

KEPT: Final[Sequence[Row]] = (TENANT,)
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (TenantView.of(TENANT),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
