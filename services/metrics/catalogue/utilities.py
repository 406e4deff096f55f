"""Water and electricity: what service points took on each day, and whom they supply."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from services.chassis.domain.errors import Reject
from services.chassis.domain.events import Event
from services.contracts.incubator.meters import ServicePointClosed, ServicePointOpened
from services.contracts.incubator.tariffs import Utility
from services.contracts.incubator.utility_bills import ConsumptionRated
from services.metrics.catalogue.dimensions.places import SITE, UTILITY
from services.metrics.catalogue.offices import Office
from services.metrics.figures.derived import Quotient
from services.metrics.figures.history import Change
from services.metrics.figures.kept import OverDays, Stock
from services.metrics.figures.kpi import Name, Part
from services.metrics.figures.periods import DAY
from services.metrics.figures.subject import DatedFacts, Subject

SUPPLY: Final = (ServicePointOpened, ServicePointClosed)
OPEN: Final = "open:"
"""Before the id of a service point: the member that says whether it is open."""


def rated(event: Event) -> Iterator[DatedFacts]:
    """The rate by days: a quantity in thousandths over equal days by the largest remainder, so that they sum to it.

    Among equal remainders the first days have one more (`chassis.domain.money.apportion`), which is a step function.

    Raises:
        Reject: a quantity that is no number, days that end before they begin.
    """
    assert isinstance(event, ConsumptionRated)
    days = (event.ends_on - event.starts_on).days + 1
    if days < 1:
        raise Reject("what was taken ends before it begins")
    rate, left = divmod(_thousandths(event.quantity.value), days)
    utility = str(event.utility)
    yield event.starts_on.isoformat(), {"rated": True, "site": event.site_id, "business": event.business_id}
    yield event.starts_on.isoformat(), {utility: rate + (left > 0)}
    if left:
        yield (event.starts_on + left * DAY).isoformat(), {utility: rate}
    yield (event.ends_on + DAY).isoformat(), {utility: None}


def supplied(event: Event) -> Iterator[DatedFacts]:
    """Since when, and up to which day, a service point supplies a business."""
    match event:
        case ServicePointOpened():
            yield event.opened_on.isoformat(), {"utility": str(event.utility), OPEN + event.service_point_id: True}
        case ServicePointClosed():
            yield (event.closed_on + DAY).isoformat(), {OPEN + event.service_point_id: None}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


def is_supplied(change: Change) -> bool | None:
    """Whether any service point supplies it, however many do."""
    return any(name.startswith(OPEN) and is_open for name, is_open in change.after.items()) or None


def _thousandths(value: str) -> int:
    try:
        return int((Decimal(value) * 1_000).to_integral_value(ROUND_HALF_UP))
    except InvalidOperation:
        raise Reject("a quantity is no number") from None


def _month_of(event: ConsumptionRated) -> str:
    return f"{event.starts_on:%Y-%m}"


WATER: Final = OverDays(
    "water_m3",
    name=Name("Water taken", "用水量"),
    owner=Office.FACILITIES,
    of="water",
    unit="m3",
    formula="rated water, its share of common consumption included, spread evenly over the days for which it was rated",
    events=(ConsumptionRated,),
)
ELECTRICITY: Final = OverDays(
    "electricity_kwh",
    name=Name("Electricity taken", "用电量"),
    owner=Office.FACILITIES,
    of="electricity",
    unit="kWh",
    formula="rated electricity, its share of common consumption included, spread evenly over the days for which it was"
    " rated",
    events=(ConsumptionRated,),
)
TENANTS_SUPPLIED: Final = Stock(
    "tenants_supplied",
    name=Name("Tenants supplied", "供能租户数"),
    owner=Office.FACILITIES,
    of=is_supplied,
    unit="tenants",
    formula="tenants with an open service point, once for each utility",
    events=SUPPLY,
)
TENANT_DAYS: Final = OverDays(
    "tenant_days_supplied",
    name=Name("Tenant-days supplied", "供能租户天数"),
    owner=Office.FACILITIES,
    of=is_supplied,
    unit="days",
    formula="days on which each tenant had an open service point, once for each utility",
    events=SUPPLY,
)

CONSUMPTION: Final = Subject(
    "consumption",
    heard_of=("ubl",),
    events=(ConsumptionRated,),
    id_of=lambda event: f"{event.service_point_id}|{_month_of(event)}",
    facts=rated,
    restates=lambda event: ("rated", event.period or _month_of(event)),
    known_by="rated",
    dimensions=(SITE,),
    kpis=(WATER, ELECTRICITY),
)
"""What a service point took in a month; rated anew, on whatever bill, it takes the place of what was said before."""

SUPPLIED: Final = Subject(
    "supplied",
    heard_of=("svp",),
    events=SUPPLY,
    id_of=lambda event: event.business_id and f"{event.business_id}|{event.utility}",
    facts=supplied,
    known_by="utility",
    dimensions=(UTILITY,),
    kpis=(TENANTS_SUPPLIED, TENANT_DAYS),
)
"""A business that is supplied with a utility at any place; a main service point is the zone's own, and is nobody's."""


def _per_tenant(id: str, name: Name, taken: OverDays, utility: Utility) -> Quotient:
    return Quotient(
        id,
        name=name,
        owner=Office.FACILITIES,
        numerator=Part(taken, {}),
        denominator=Part(TENANT_DAYS, {"utility": utility.value}),
        averaged=True,
        unit=taken.unit,
        formula=f"{taken.id} / average tenants supplied with it (tenant-days / days of the period); none over all time",
        events=(*taken.events, *SUPPLY),
    )


WATER_PER_TENANT: Final = _per_tenant(
    "water_per_tenant", Name("Water taken by tenant", "户均用水量"), WATER, Utility.WATER
)
ELECTRICITY_PER_TENANT: Final = _per_tenant(
    "electricity_per_tenant", Name("Electricity taken by tenant", "户均用电量"), ELECTRICITY, Utility.ELECTRICITY
)

SUBJECTS: Final = (CONSUMPTION, SUPPLIED)
DERIVED: Final = (WATER_PER_TENANT, ELECTRICITY_PER_TENANT)
