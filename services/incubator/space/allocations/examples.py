"""What the document of the API shows of allocations: an office of a synthetic business, from the middle of a month."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.contracts.incubator.resources import ResourceKind, ResourceUsage
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.examples import ROOM
from services.incubator.booking.resource import Resource
from services.incubator.kernel.period import Days
from services.incubator.kernel.quantity import Unit, UnitPrice
from services.incubator.sites.examples import SITE
from services.incubator.space.allocations.bodies import AllocateResource, AskForAllocation, ChangeAllocation
from services.incubator.space.allocations.price import by_month, total_of
from services.incubator.space.allocations.queries import AllocationFit, FreeUnits
from services.incubator.space.allocations.views import (
    AllocatableResources,
    AllocationPreview,
    AllocationView,
    FreeUnitsView,
)
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

RATE: Final = UnitPrice(price="3100", currency="CNY", per=Unit.MONTH)
OFFICE: Final = Resource(
    **{
        **dict(ROOM),
        "id": "res_0195f3a4b5c67d8e9f00112233445577",
        "name": "办公室三",
        "kind": ResourceKind.OFFICE,
        "usage": ResourceUsage.ALLOCATABLE,
        "area_hundredths": 4550,
        "rate": RATE,
        "price_cap_per_day": None,
    }
)
DAYS: Final = Days(date(2026, 12, 10), date(2027, 1, 31))
MONTHS: Final = by_month(RATE, 1, DAYS)

ALLOCATION: Final = Allocation(
    id="alc_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    site_id=SITE.id,
    resource_id=OFFICE.id,
    resource_kind=OFFICE.kind,
    units=[0],
    area_hundredths=OFFICE.area_hundredths,
    business_id=BUSINESS,
    business_kind=TENANT.kind,
    sector=TENANT.sector,
    partner_id=OWNER,
    allocated_by="cli_0195f3a4b5c67d8e9f00112233445566",
    incubating=True,
    starts_on=DAYS.first,
    ends_on=DAYS.last,
    rate=RATE,
    price=total_of(MONTHS),
    due_on=DAYS.first,
)
ASKED: Final = AskForAllocation(business_id=BUSINESS, resource_id=OFFICE.id, starts_on=DAYS.first, ends_on=DAYS.last)

KEPT: Final[Sequence[Row]] = (TENANT, OFFICE, ALLOCATION)
BODIES: Final[Sequence[BaseModel]] = (
    ASKED,
    AllocateResource(**dict(ASKED), incubating=True, expected_price=ALLOCATION.price),
    ChangeAllocation(ends_on=date(2027, 6, 30)),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    AllocationPreview.of(AllocationFit(OFFICE, [0], MONTHS)),
    AllocationView.of(ALLOCATION),
    AllocatableResources(data=[FreeUnitsView.of(FreeUnits(OFFICE, 1))]),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
