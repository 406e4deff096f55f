"""What callers see of a business: in full or as a public extract, and its versions."""

from typing import Annotated, Literal, Self

from pydantic import Field
from typing_extensions import TypeAliasType

from services.chassis.domain.caller import Caller
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, View
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.dissolutions import DissolutionMode
from services.contracts.registry.filings import FilingId, FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.addresses import Address
from services.registry.businesses.entry.figures import Scope
from services.registry.businesses.entry.identifiers import Identifier
from services.registry.businesses.entry.name import Name
from services.registry.businesses.entry.sectors import SectorCode
from services.registry.businesses.matrix import allowed_filings
from services.registry.businesses.record import Entry, Form, Kind, Number
from services.registry.businesses.status import BusinessStatus
from services.registry.businesses.versions import BusinessVersion


class Frozen(Shown):
    """An officer's freeze: only officials may file for the business."""

    since: Instant
    """When it began."""
    reason: str
    """Why changes are stopped, as the official wrote it."""
    by: str
    """The client of the official who ordered it."""


class BusinessView(Entry, View):
    """A business in full: for its owner, officials and auditors."""

    view: Literal["full"]
    """Tells it from an extract."""
    frozen: Frozen | None
    """The freeze that it is under; null where it is under none."""
    allowed_actions: list[FilingType]
    """The types of filing that the caller can make for it now."""

    @classmethod
    def of(cls, business: Business, caller: Caller) -> Self:
        files = caller.is_official or caller.kind == "partner"
        actions = allowed_filings(business, official=caller.is_official) if files else []
        return cls.showing(business, view="full", frozen=None, allowed_actions=actions)


class PublicAddresses(Part):
    """Where a business can be found and served."""

    registered: Address
    """The registered address (住所)."""
    service: Address | None
    """Where documents are served (送达地址), if not at the registered address."""


class BusinessExtract(View):
    """What the register says of a business to anyone: nothing personal, no figures."""

    view: Literal["extract"]
    """Tells it from a business in full."""
    registration_number: Number
    """The zone's own number: `KEZ`, eight digits and two check digits (ISO 7064)."""
    kind: Kind
    """Industrial, with premises in the zone, or cloud, at the address of a host."""
    legal_form: Form
    """The kind of market entity."""
    status: BusinessStatus
    """What the register says of its life."""
    status_since: Instant
    """Since when it has this status."""
    suspended_until: Day | None
    """Of a suspended business, the first day on which it trades again."""
    dissolution_mode: DissolutionMode | None
    """Of a business that is being dissolved, in which procedure."""
    notice_until: Day | None
    """Of a business that is being dissolved, the first day on which nobody can object any more."""
    name: Name
    """Its name, and those it had."""
    identifiers: list[Identifier]
    """Its codes, one of a scheme."""
    addresses: PublicAddresses
    """Where it is found and served."""
    sectors: list[SectorCode]
    """What it does, by classification; exactly one is the primary one."""
    business_scope: Scope
    """The business scope (经营范围), in the words of the licence."""
    established_on: Day
    """The day on which it was founded."""
    zone_entry_on: Day
    """The day on which it came to the zone."""
    term_until: Day | None
    """The last day of its term (营业期限); null where it has none."""
    updated_at: Instant
    """When the register last changed what it says of it."""

    @classmethod
    def of(cls, business: Business) -> Self:
        addresses, codes = business.addresses, business.identifiers
        suspended = business.status == BusinessStatus.SUSPENDED
        leaving = business.dissolution if business.status == BusinessStatus.DISSOLVING else None
        return cls.showing(
            business,
            view="extract",
            suspended_until=business.running_suspension().until if suspended else None,
            dissolution_mode=leaving.mode if leaving else None,
            notice_until=leaving.notice_until if leaving else None,
            identifiers=[Identifier.model_construct(scheme=each.scheme, id=each.id) for each in codes],
            addresses=PublicAddresses(registered=addresses.registered, service=addresses.service),
        )


AnyBusiness = TypeAliasType(
    "AnyBusiness",
    Annotated[
        BusinessView | BusinessExtract,
        Field(discriminator="view", description="A business in full or its extract, as `view` tells."),
    ],
)
"""What a caller sees of a business."""


def view_of(business: Business, caller: Caller) -> AnyBusiness:
    """As much of a business as the caller may see."""
    is_open = business.shown_to.opens(business, caller)
    return BusinessView.of(business, caller) if is_open else BusinessExtract.of(business)


class BusinessVersionSummary(Shown):
    """What one change of the register changed, and how long it held: from `valid_from` to before `valid_to`."""

    business_id: BusinessId
    """The business whose entry this was."""
    version: int
    """Which version of it this is; numbers are left out where the register did not change."""
    valid_from: Instant
    """Since when the register says this."""
    valid_to: Instant | None
    """Until when it did; null while it does."""
    filing_id: FilingId
    """The filing that changed it."""
    changed_fields: list[str]
    """The members that it changed, in alphabetical order."""

    @classmethod
    def of(cls, row: BusinessVersion, following: BusinessVersion | None) -> Self:
        return cls.showing(row, valid_to=following.valid_from if following else None)


class BusinessVersionView(BusinessVersionSummary):
    """A version with the business as it was."""

    business: BusinessView
    """The business as the register showed it then."""
