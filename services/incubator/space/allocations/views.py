"""What callers see of allocations."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from services.chassis.domain.money import Money
from services.chassis.domain.times import Day
from services.chassis.http.view import Shown, View, actions
from services.contracts.incubator.resources import ResourceId, ResourceKind
from services.contracts.incubator.sites import SiteId
from services.contracts.registry.businesses import BusinessId
from services.incubator.booking.allocations.allocation import Allocation
from services.incubator.booking.allocations.status import ACTIONS, AllocationStatus
from services.incubator.booking.views import ResourceView
from services.incubator.kernel.period import PeriodText
from services.incubator.kernel.quantity import CURRENCY, UnitPrice
from services.incubator.space.allocations.price import MonthPrice, by_month
from services.incubator.space.allocations.queries import AllocationFit, FreeUnits


class MonthPriceView(Shown):
    """What the days of an allocation in one calendar month cost: a line on the invoice once the month is over."""

    period: PeriodText
    """The month, `YYYY-MM`."""
    starts_on: Day
    """The first of its days in that month."""
    ends_on: Day
    """The last of its days in that month, included."""
    price: Money
    """What they cost, without tax; of part of a month, by days."""

    @classmethod
    def of(cls, month: MonthPrice) -> Self:
        price = Money(amount=month.amount, currency=CURRENCY)
        return cls(period=month.period, starts_on=month.days.first, ends_on=month.days.last, price=price)


class AllocationPreview(Shown):
    """What an allocation would be, were it made now."""

    price: Money
    """What all of it would cost, without tax."""
    months: Sequence[MonthPriceView]
    """What each calendar month would cost."""

    @classmethod
    def of(cls, fit: AllocationFit) -> Self:
        return cls(price=fit.price, months=[MonthPriceView.of(each) for each in fit.months])


class AllocationView(View):
    """What a business has, or will have, for days on end."""

    at: ClassVar[str] = "/v1/incubator/allocations"

    site_id: SiteId
    """The site at which it is."""
    resource_id: ResourceId
    """The office, desks or workshop that are held."""
    resource_kind: ResourceKind
    """What that is."""
    units: list[int]
    """Which of its units, from 0."""
    area_m2: float | None
    """The floor area of these units; null where the resource has none."""
    business_id: BusinessId
    """For which business."""
    allocated_by: str
    """The client that made it."""
    incubating: bool
    """Whether the business is in a programme of the incubator."""
    starts_on: Day
    """The first day, in the zone."""
    ends_on: Day
    """The last day, included."""
    rate: UnitPrice | None
    """What one unit costs, as it was agreed on; null where it costs nothing."""
    price: Money
    """What all of its days cost, without tax."""
    months: Sequence[MonthPriceView]
    """What each calendar month costs."""
    status: AllocationStatus
    """How far it has come."""
    charged_through: Day | None
    """The last day that is on an invoice; null while none is."""
    allowed_actions: Annotated[list[str], actions(ACTIONS)]
    """What can be done to it by its status."""

    @classmethod
    def of(cls, allocation: Allocation) -> Self:
        months = by_month(allocation.rate, len(allocation.units), allocation.days)
        return cls.showing(allocation, months=[MonthPriceView.of(each) for each in months])


class FreeUnitsView(Shown):
    """A resource, and how many of its units are free."""

    resource: ResourceView
    """The resource of which units are free."""
    free_units: int
    """How many of its units are free on all of these days."""

    @classmethod
    def of(cls, found: FreeUnits) -> Self:
        return cls(resource=ResourceView.of(found.resource), free_units=found.free)


class AllocatableResources(Shown):
    """What can be allocated on some days."""

    data: list[FreeUnitsView]
    """The resources of the site of which as many units are free, oldest first."""
