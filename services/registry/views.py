"""What callers see: a business in full or as a public extract, its versions, and filings."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from pydantic import BaseModel

from services.chassis.caller import Caller
from services.chassis.route import View
from services.chassis.times import Day, Instant
from services.contracts.registry import BusinessId, FilingId
from services.registry.activity import SectorCode
from services.registry.business import Business, BusinessStatus, Entry, Form, Kind
from services.registry.callers import sees_all
from services.registry.dossier import Dossier
from services.registry.filing import Filing
from services.registry.filing_status import Action
from services.registry.identity import Identifier, Name
from services.registry.matrix import allowed_filings
from services.registry.place import Address
from services.registry.section import Section
from services.registry.versions import BusinessVersion


class BusinessView(Entry, View):
    """A business in full: for its owner, officials and auditors.

    `allowed_actions` are the types of filing that the caller can make for it now.
    """

    allowed_actions: list[str]

    @classmethod
    def of(cls, business: Business, caller: Caller) -> Self:
        files = caller.is_official or caller.kind == "partner"
        return cls(
            id=business.id,
            version=business.version,
            last_event_id=business.last_event_id,
            **_fields(business, Entry),
            allowed_actions=allowed_filings(business, official=caller.is_official) if files else [],
        )


class PublicAddresses(Section):
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
        fields = _fields(business, cls, without={"identifiers", "addresses"})
        suspended = business.status == BusinessStatus.SUSPENDED
        return cls(
            **fields,
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


class VersionSummary(BaseModel):
    """What one change of the register changed, and how long it held: from `valid_from` to before `valid_to`."""

    business_id: BusinessId
    version: int
    valid_from: Instant
    valid_to: Instant | None
    filing_id: FilingId
    changed_fields: list[str]

    @classmethod
    def of(cls, row: BusinessVersion, following: BusinessVersion | None) -> Self:
        valid_to = following.valid_from if following else None
        return cls(**_fields(row, BusinessVersion, without={"id", "snapshot"}), valid_to=valid_to)


class VersionView(VersionSummary):
    """A version with the business as it was."""

    business: BusinessView


class FilingView(Dossier, View):
    """A filing, for its owner, officials and auditors. `allowed_actions` are the caller's."""

    at: ClassVar[str] = "/v1/registry/filings"

    allowed_actions: list[Action]

    @classmethod
    def of(cls, filing: Filing, caller: Caller) -> Self:
        return cls(
            id=filing.id,
            version=filing.version,
            last_event_id=filing.last_event_id,
            **_fields(filing, Dossier),
            allowed_actions=filing.allowed_actions(caller),
        )


def _fields(source: BaseModel, of: type[BaseModel], without: Collection[str] = ()) -> dict[str, Any]:
    """The values that a view takes over as they are."""
    names = [name for name in of.model_fields if hasattr(source, name) and name not in without]
    return {name: getattr(source, name) for name in names}
