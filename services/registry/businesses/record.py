"""The record of a business: everything that the register says of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.domain.ids import AnyId, EventId
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day, Instant
from services.contracts.registry.businesses import BusinessKind, LegalForm
from services.contracts.registry.dissolutions import DissolutionMode
from services.registry.businesses.entry.addresses import Addresses
from services.registry.businesses.entry.capital import Capital
from services.registry.businesses.entry.contacts import Contacts
from services.registry.businesses.entry.figures import Employees, Figure, Opening, Scope, Year
from services.registry.businesses.entry.hosting import Hosting
from services.registry.businesses.entry.identifiers import VerifiedIdentifier
from services.registry.businesses.entry.name import Name
from services.registry.businesses.entry.online_presence import OnlinePresence
from services.registry.businesses.entry.ownership import Ownership
from services.registry.businesses.entry.parties import Party
from services.registry.businesses.entry.premises import Premises
from services.registry.businesses.entry.sectors import SectorCode
from services.registry.businesses.status import BusinessStatus

Number = Annotated[str, StringConstraints(pattern=r"^KEZ[0-9]{10}$")]
"""A registration number; `rules.code_checks` makes and checks it."""
Kind = Annotated[BusinessKind, Field(strict=False)]
Form = Annotated[LegalForm, Field(strict=False)]


class Suspended(Part):
    """The running suspension (歇业), or the last one: from the beginning of one day to the beginning of another."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    kind: Literal["voluntary", "administrative"]
    """By its own wish or by order."""
    since: Day = Field(alias="from")
    """The first day on which it does not trade."""
    until: Day
    """The first day on which it trades again."""
    reason: str
    """Why trading is suspended, by the reasons that the law knows."""
    cumulative_days: int
    """Days of all suspensions by own wish, this one included up to `until`."""

    def days(self) -> int:
        """How long it lasts."""
        return (self.until - self.since).days


class DissolutionNotice(Part):
    """A business on its way out of the register (注销), or out of it."""

    mode: DissolutionMode = Field(strict=False)
    """By its own wish, in the simplified procedure for who has no debts, or by order."""
    started_on: Day
    """The day on which it began: the first of the notice."""
    notice_until: Day | None
    """The first day on which nobody can object any more; null where no notice is needed."""
    former_status: BusinessStatus = Field(strict=False)
    """What it was before, and is again where the dissolution is cancelled."""
    objections_open: int = 0
    """How many objections stand in its way."""
    debts_answered: bool = False
    """Whether the incubator has said what the business owes the zone; it is not dissolved before."""
    event_id: EventId
    """Of the event by which everyone was told that it began; the answer of the incubator names it."""


class LatestReport(Part):
    """What the annual report of the latest year says."""

    period: Year
    """The financial year that it is about, `YYYY`."""
    revenue: Figure | None
    """The revenue of the year; null where it is not stated."""
    valuation: Figure | None
    """What the business was worth at its end; null where it is not stated."""
    employees: Employees | None
    """How many people worked for it then; null where it is not stated."""


class Entry(BaseModel):
    """Everything that the register says about a business."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    registration_number: Number
    """The zone's own number: `KEZ`, eight digits and two check digits (ISO 7064)."""
    partner_id: AnyId
    """The partner that registered it: its owner in this API."""
    kind: Kind
    """Industrial, with premises in the zone, or cloud, at the address of a host."""
    legal_form: Form
    """The kind of market entity."""
    status: BusinessStatus
    """What the register says of its life."""
    status_since: Instant
    """Since when it has this status."""
    status_reason: str | None
    """Why, where there is a reason to tell."""
    name: Name
    """Its name, and those it had."""
    identifiers: list[VerifiedIdentifier]
    """Its codes, one of a scheme."""
    addresses: Addresses
    """Where it is found and served."""
    premises: Premises | None
    """Its ground or rooms in the zone."""
    hosting: Hosting | None
    """Its place at a host's address."""
    online_presence: list[OnlinePresence]
    """The shops and sites through which it trades."""
    sectors: list[SectorCode]
    """What it does, by classification; exactly one is the primary one."""
    business_scope: Scope
    """The business scope (经营范围), in the words of the licence."""
    capital: Capital
    """Its registered capital."""
    established_on: Day
    """The day on which it was founded."""
    zone_entry_on: Day
    """The day on which it came to the zone."""
    term_until: Day | None
    """The last day of its term (营业期限); null where it has none."""
    parties: list[Party]
    """Who has a role in it, or had one."""
    ownership: Ownership
    """Who owns it, or why that is not said."""
    contacts: Contacts
    """How to reach it; nothing once they were blanked."""
    contacts_blanked_at: Instant | None = None
    """When its contacts were blanked, in all its versions: 90 days after it left the register; null before."""
    opening_figures: Opening | None
    """With what it entered the zone's statistics."""
    latest_report: LatestReport | None
    """The figures of the latest year that it has reported."""
    suspension: Suspended | None
    """The running suspension, or the last one."""
    dissolution: DissolutionNotice | None = None
    """How it is being dissolved, or was; null where it is not."""
    updated_at: Instant
    """When the register last changed what it says of it."""
