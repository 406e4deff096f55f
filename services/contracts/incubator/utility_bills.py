"""What the incubator tells of consumption and its bills: to whom they belong, and to the zone."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.events import Event
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import Money
from services.chassis.domain.times import Day
from services.contracts.incubator.meters import ServicePointId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import METERS, Utility
from services.contracts.registry.businesses import BusinessId

UtilityBillId = Annotated[str, id_of("ubl")]


class Consumption(BaseModel):
    """How much was taken: a decimal text, and the unit in which it is measured (`kWh`, `m3`)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: str
    unit: str


class BillEvent(Event):
    """What every event of a utility bill says."""

    bill_id: UtilityBillId
    service_point_id: ServicePointId
    business_id: BusinessId
    site_id: SiteId
    utility: Growing[Utility]


class ConsumptionRated(BillEvent, name="zone.incubator.consumption.rated.v1", topic=METERS, audience="owner"):
    """What a service point took in some days is priced, its share of common consumption included.

    Said again of the same service point and month, it takes the place of what was said before: that on the bill of the
    latest month counts, and of that what it said last. Its days lie in one month.
    """

    period: str | None = None
    """The month of the bill that says so, `YYYY-MM`; none in events that are older than this member."""
    starts_on: Day
    ends_on: Day
    quantity: Consumption


class UtilityBillDrafted(BillEvent, name="zone.incubator.utility_bill.drafted.v1", topic=METERS, audience="owner"):
    """A bill of a month was made, or made anew before it was final."""

    period: str
    total: Money


class UtilityBillFinalised(BillEvent, name="zone.incubator.utility_bill.finalised.v1", topic=METERS, audience="owner"):
    """A bill is final: what is learned later is corrected on a later bill."""

    period: str
    total: Money
    credit: Money
    """What is owed to the business, where corrections were more than all the rest."""


class UtilityBillAdjusted(BillEvent, name="zone.incubator.utility_bill.adjusted.v1", topic=METERS, audience="owner"):
    """A bill corrects an earlier month, of which more is known by now."""

    service_period: str
    before: Consumption
    now: Consumption
    amount: Money
    """The difference, negative where less was taken than was billed."""
