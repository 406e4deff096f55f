"""What the registry tells everyone of businesses."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.money import PositiveOrZero
from services.chassis.domain.times import Day

BUSINESSES = Topic("zone.registry.businesses")
"""What happened to a business, its certificates, objections and hosting; keyed by business."""

BusinessId = Annotated[str, id_of("biz")]
OfFiling = Annotated[str, id_of("fil")]
"""The filing by which something came to be."""


class BusinessKind(StrEnum):
    """The zone's two kinds: with premises in the 140 km² area, or online at a host's address."""

    INDUSTRIAL = "industrial"
    CLOUD = "cloud"


class LegalForm(StrEnum):
    """Kinds of market entity (Decree 746 art. 2)."""

    LIMITED_COMPANY = "limited_company"
    JOINT_STOCK_COMPANY = "joint_stock_company"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETOR_ENTERPRISE = "sole_proprietor_enterprise"
    INDIVIDUAL_HOUSEHOLD = "individual_household"
    COOPERATIVE = "cooperative"
    BRANCH = "branch"
    FOREIGN_BRANCH = "foreign_branch"


class OpeningFigures(BaseModel):
    """With what a business that already trades enters the zone's statistics; not an annual report."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    as_of: Day
    valuation: PositiveOrZero | None
    revenue: PositiveOrZero | None
    revenue_period: str | None
    employees: int | None


class BusinessRegistered(
    Event,
    name="zone.registry.business.registered.v1",
    topic=BUSINESSES,
    audience="public",
    owner_only={"partner_id", "opening_figures", "filing_id"},
):
    """A business entered the register; true since the effective moment of its registration."""

    business_id: BusinessId
    registration_number: str
    partner_id: str
    kind: Growing[BusinessKind]
    legal_form: Growing[LegalForm]
    name: str
    sector: str
    """The primary code of GB/T 4754-2017, two to four digits."""
    zone_entry_on: Day
    opening_figures: OpeningFigures | None
    filing_id: OfFiling | None = None
    """By which it was registered; not told before metrics asked for it."""


class BusinessSuspended(Event, name="zone.registry.business.suspended.v1", topic=BUSINESSES, audience="public"):
    """An active business stopped trading, by its own wish or by order, or its suspension was extended."""

    business_id: BusinessId
    kind: Growing[BusinessKind]
    suspended_until: Day | None


class BusinessResumed(Event, name="zone.registry.business.resumed.v1", topic=BUSINESSES, audience="public"):
    """A suspended business trades again, by filing or because its time was over."""

    business_id: BusinessId
    kind: Growing[BusinessKind]


class BusinessContactsBlanked(
    Event, name="zone.registry.business.contacts_blanked.v1", topic=BUSINESSES, audience="owner"
):
    """How to reach a business is not known any more: it left the register 90 days ago."""

    business_id: BusinessId


class AnnualReportFiled(Event, name="zone.registry.annual_report.filed.v1", topic=BUSINESSES, audience="owner"):
    """A business stated its figures for a year that has ended."""

    business_id: BusinessId
    period: str
    """The year, `YYYY`."""
    revenue: PositiveOrZero | None
    valuation: PositiveOrZero | None
    employees: int | None
    filing_id: OfFiling | None = None
    """By which it was stated; not told before metrics asked for it."""
