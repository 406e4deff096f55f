"""What callers see: a business in full or as a public extract, its versions, and filings."""

from typing import ClassVar, Literal, Self

from services.chassis.caller import Caller
from services.chassis.times import Day, Instant
from services.chassis.view import Shown, View
from services.contracts.registry import BusinessId, FilingId
from services.registry.activity import SectorCode
from services.registry.business import Business, BusinessStatus, Entry, Form, Kind
from services.registry.callers import sees_all
from services.registry.filing import Filing
from services.registry.identity import Identifier, Name
from services.registry.matrix import allowed_filings
from services.registry.part import Part
from services.registry.particulars import Action, Particulars
from services.registry.place import Address
from services.registry.versions import BusinessVersion


class BusinessView(Entry, View):
    """A business in full: for its owner, officials and auditors.

    `allowed_actions` are the types of filing that the caller can make for it now. No business can be frozen
    or dissolved yet.
    """

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


def is_open_to(business: Business, caller: Caller) -> bool:
    """Whether a caller sees the whole of a business."""
    return sees_all(caller) or caller.partner_id == business.partner_id


def view_of(business: Business, caller: Caller) -> BusinessView | BusinessExtract:
    """As much of a business as the caller may see."""
    return BusinessView.of(business, caller) if is_open_to(business, caller) else BusinessExtract.of(business)


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


class Fee(Shown):
    """What a filing costs; the zone's schedule is empty."""

    status: Literal["not_required"] = "not_required"
    amount: None = None
    code: None = None
    receipt_no: None = None
    waived_by: None = None
    reason: None = None


class FilingView(Particulars, View):
    """A filing, for its owner, officials and auditors. `allowed_actions` are the caller's.

    No filing needs a document or a fee yet, or corrects another.
    """

    at: ClassVar[str] = "/v1/registry/filings"

    documents: tuple[()]
    fee: Fee
    correction_of: None
    allowed_actions: list[Action]

    @classmethod
    def of(cls, filing: Filing, caller: Caller) -> Self:
        actions = filing.allowed_actions(caller)
        return cls.showing(filing, documents=(), fee=Fee(), correction_of=None, allowed_actions=actions)
