"""What callers see of a business: in full or as a public extract, and its versions."""

from typing import ClassVar, Self

from services.chassis.domain.caller import Caller
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, View
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingId
from services.registry.businesses.business import Business, BusinessStatus, Entry, Form, Kind
from services.registry.businesses.entry.addresses import Address
from services.registry.businesses.entry.identifiers import Identifier
from services.registry.businesses.entry.name import Name
from services.registry.businesses.entry.part import Part
from services.registry.businesses.entry.sectors import SectorCode
from services.registry.businesses.matrix import allowed_filings
from services.registry.businesses.versions import BusinessVersion


class BusinessView(Entry, View):
    """A business in full: for its owner, officials and auditors.

    `allowed_actions` are the types of filing that the caller can make for it now. No business can be frozen
    or dissolved yet.
    """

    tagged_as: ClassVar = "full"

    frozen: None
    dissolution: None
    allowed_actions: list[str]

    @classmethod
    def of(cls, business: Business, caller: Caller) -> Self:
        files = caller.is_official or caller.kind == "partner"
        actions = allowed_filings(business, official=caller.is_official) if files else []
        return cls.showing(business, frozen=None, dissolution=None, allowed_actions=actions)


class PublicAddresses(Part):
    """Where a business can be found and served."""

    registered: Address
    service: Address | None


class BusinessExtract(View):
    """What the register says of a business to anyone: nothing personal, no figures."""

    tagged_as: ClassVar = "extract"

    registration_number: str
    kind: Kind
    legal_form: Form
    status: BusinessStatus
    status_since: Instant
    suspended_until: Day | None
    name: Name
    identifiers: list[Identifier]
    addresses: PublicAddresses
    sectors: list[SectorCode]
    business_scope: str
    established_on: Day
    zone_entry_on: Day
    term_until: Day | None
    updated_at: Instant

    @classmethod
    def of(cls, business: Business) -> Self:
        addresses, codes = business.addresses, business.identifiers
        suspended = business.status == BusinessStatus.SUSPENDED
        return cls.showing(
            business,
            suspended_until=business.running_suspension().until if suspended else None,
            identifiers=[Identifier(scheme=each.scheme, id=each.id) for each in codes],
            addresses=PublicAddresses(registered=addresses.registered, service=addresses.service),
        )


def view_of(business: Business, caller: Caller) -> BusinessView | BusinessExtract:
    """As much of a business as the caller may see."""
    is_open = business.shown_to.opens(business, caller)
    return BusinessView.of(business, caller) if is_open else BusinessExtract.of(business)


class VersionSummary(Shown):
    """What one change of the register changed, and how long it held: from `valid_from` to before `valid_to`."""

    business_id: BusinessId
    version: int
    valid_from: Instant
    valid_to: Instant | None
    filing_id: FilingId
    changed_fields: list[str]

    @classmethod
    def of(cls, row: BusinessVersion, following: BusinessVersion | None) -> Self:
        return cls.showing(row, valid_to=following.valid_from if following else None)


class VersionView(VersionSummary):
    """A version with the business as it was."""

    business: BusinessView
