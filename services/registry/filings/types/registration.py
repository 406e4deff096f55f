"""The registration: the first filing of a business, and how it becomes an entry in the register."""

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.chassis.domain.ids import new_id
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, at_path, cross_rule
from services.contracts.registry.businesses import (
    BusinessId,
    BusinessKind,
    BusinessRegistered,
    OpeningFigures,
)
from services.contracts.registry.filings import FilingId, FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.addresses import Addresses
from services.registry.businesses.entry.capital import Capital
from services.registry.businesses.entry.contacts import Contacts
from services.registry.businesses.entry.figures import Opening, StatedScope
from services.registry.businesses.entry.hosting import Hosting
from services.registry.businesses.entry.identifiers import Identifier, Verification, VerifiedIdentifier, code_violations
from services.registry.businesses.entry.name import Name, ProposedName
from services.registry.businesses.entry.online_presence import OnlinePresence
from services.registry.businesses.entry.ownership import Ownership
from services.registry.businesses.entry.parties import MOST_PARTIES, Party, ProposedParty, party_violations
from services.registry.businesses.entry.past_day import PastDay, still_to_come
from services.registry.businesses.entry.premises import Premises
from services.registry.businesses.entry.rules.code_checks import registration_number
from services.registry.businesses.entry.rules.name_rules import name_key
from services.registry.businesses.entry.sectors import SectorCode, sector_violations
from services.registry.businesses.record import Form, Kind
from services.registry.businesses.status import BusinessStatus
from services.registry.businesses.unique_keys import identifier_key, name_keys
from services.registry.filings.payload import Claimed, Completion, Granted, Payload, Register, ReviewPolicy


def _codes(identifiers: list[Identifier], before: Before) -> Iterator[Violation]:
    return code_violations(identifiers, before.get("legal_form"))


def _premises(premises: Premises | None, before: Before) -> Iterator[Violation]:
    if before.get("kind") == BusinessKind.INDUSTRIAL and premises is None:
        yield Violation("premises_required", "An industrial business has premises in the zone.")


def _hosting(hosting: Hosting | None, before: Before) -> Iterator[Violation]:
    placeless = hosting is None and "premises" in before and before["premises"] is None
    if before.get("kind") == BusinessKind.CLOUD and placeless:
        yield Violation("hosting_required", "A cloud business has a host or premises of its own.")


def _online_presence(online_presence: list[OnlinePresence], before: Before) -> Iterator[Violation]:
    if before.get("kind") == BusinessKind.CLOUD and not online_presence:
        yield Violation("online_presence_required", "A cloud business trades through at least one shop or site.")


def _sectors(sectors: list[SectorCode], before: Before) -> Iterator[Violation]:
    yield from sector_violations(sectors)
    for place, each in enumerate(sectors):
        if before.get("kind") == BusinessKind.CLOUD and each.needs_prior_approval:
            detail = "A cloud business cannot trade in what needs an approval before registration."
            yield Violation("sector_not_allowed_for_cloud", detail, (place, "code"))


def _zone_entry(day: date, before: Before) -> Iterator[Violation]:
    if "established_on" in before and day < before["established_on"]:
        yield Violation("date_range", "A business is established before it enters the zone.")


def _term(last: date | None, before: Before) -> Iterator[Violation]:
    if last and "established_on" in before and last < before["established_on"]:
        yield Violation("date_range", "The term ends after the establishment.")


def _parties(parties: list[ProposedParty], before: Before) -> Iterator[Violation]:
    return party_violations(parties)


class Registration(Payload):
    """Everything that a business says about itself to enter the register."""

    refuses_later: ClassVar = (
        "host_is_self",
        "host_not_active",
        "host_not_authorised",
        "duplicate_identifier",
        "name_unavailable",
    )

    type: Literal[FilingType.REGISTRATION] = FilingType.REGISTRATION
    """The type of the filing that says this."""
    kind: Kind
    """Industrial, with premises in the zone, or cloud, at the address of a host."""
    legal_form: Form
    """The kind of market entity."""
    name: ProposedName
    """The name that it wants."""
    identifiers: Annotated[
        list[Identifier], Field(max_length=10), cross_rule(_codes, "identifier_required", "identifier_repeated")
    ]
    """Its codes: the Unified Social Credit Code, and others; one of a scheme."""
    addresses: Addresses
    """Where it is found and served."""
    premises: Annotated[Premises | None, cross_rule(_premises, "premises_required")] = Field(
        default=None, validate_default=True
    )
    """Its ground or rooms in the zone; an industrial business has some."""
    hosting: Annotated[Hosting | None, cross_rule(_hosting, "hosting_required")] = Field(
        default=None, validate_default=True
    )
    """Its place at a host's address; a cloud business has one, or premises of its own."""
    online_presence: Annotated[
        list[OnlinePresence], Field(max_length=100), cross_rule(_online_presence, "online_presence_required")
    ] = Field(default=[], validate_default=True)
    """The shops and sites through which it trades; a cloud business has at least one."""
    sectors: Annotated[
        list[SectorCode], Field(max_length=50), cross_rule(_sectors, "sector_primary", "sector_not_allowed_for_cloud")
    ]
    """What it does, by classification; exactly one is the primary one."""
    business_scope: StatedScope
    """The business scope (经营范围), in the words of the licence."""
    capital: Capital
    """Its registered capital."""
    established_on: PastDay
    """The day on which it was founded."""
    zone_entry_on: Annotated[PastDay, cross_rule(_zone_entry, "date_range")]
    """The day on which it came to the zone; not before it was founded."""
    term_until: Annotated[Day | None, cross_rule(_term, "date_range")] = None
    """The last day of its term (营业期限); null where it has none."""
    parties: Annotated[
        list[ProposedParty], Field(max_length=MOST_PARTIES), cross_rule(_parties, "legal_representative")
    ]
    """Who has a role in it; exactly one is its legal representative now."""
    ownership: Ownership
    """Who owns it, or why that is not said."""
    contacts: Contacts
    """How to reach it."""
    opening_figures: Opening | None = None
    """With what it enters the zone's statistics, where it trades already; superseded by its annual reports."""

    @property
    def group(self) -> str:
        return "registration"

    @property
    def review_policy(self) -> ReviewPolicy:
        """The host vouches for a hosted cloud business, once its owner has; every other one an officer looks at."""
        hosted = self.kind == BusinessKind.CLOUD and self.hosting is not None
        return ReviewPolicy.AUTOMATIC if hosted else ReviewPolicy.OFFICER

    @property
    def asked_hosting(self) -> Hosting | None:
        return self.hosting

    def violations(self, today: date, business: Business | None) -> Iterator[Violation]:
        yield from at_path(still_to_come(self.zone_entry_on, today), "zone_entry_on")
        yield from at_path(still_to_come(self.established_on, today), "established_on")
        for place, each in enumerate(self.parties):
            yield from at_path(still_to_come(each.appointed_on, today), "parties", place, "appointed_on")
        if self.opening_figures:
            yield from at_path(still_to_come(self.opening_figures.as_of, today), "opening_figures", "as_of")
        if self.hosting:
            yield from at_path(self.hosting.violations(today), "hosting")

    def obstacles(self, register: Register, business_id: str) -> Iterator[Violation]:
        if self.hosting is None:
            return
        host, path = register.host, ("hosting", "host_business_id")
        if self.hosting.host_business_id == business_id:
            yield Violation("host_is_self", "A business is not its own host.", path)
        elif host is None or host.status != BusinessStatus.ACTIVE:
            yield Violation("host_not_active", "The host is not an active business of the zone.", path)
        elif not host.hosts_others():
            yield Violation("host_not_authorised", "The host's scope does not name 商务秘书服务.", path)

    def claims(self, business_id: BusinessId, filing_id: FilingId) -> Iterator[Claimed]:
        for place, each in enumerate(self.identifiers):
            said = "A business with this code is registered, or its registration is under way."
            yield Claimed(identifier_key(each), business_id, "duplicate_identifier", said, ("identifiers", place, "id"))
        detail = "Another business has this name, or one that cannot be told from it."
        for key in name_keys(self.name.legal, self.legal_form):
            yield Claimed(key, business_id, "name_unavailable", detail, ("name", "legal"))

    def grant(self) -> Granted:
        """Eight random digits: a counter would make all registrations wait for one document."""
        number = registration_number(f"{secrets.randbelow(10**8):08d}")
        return Granted(registration_number=number, party_ids=[new_id("pty") for _ in self.parties])

    def effect(self, completion: Completion, business: Business | None) -> Business:
        """The business enters the register."""
        assert completion.granted is not None
        verified = Verification(level="format", at=completion.holds_from)
        entry = Business(
            id=completion.business_id,
            registration_number=completion.granted.registration_number,
            partner_id=completion.on_behalf_of,
            kind=self.kind,
            legal_form=self.legal_form,
            status=BusinessStatus.ACTIVE,
            status_since=completion.holds_from,
            status_reason=None,
            name=Name(**dict(self.name)),
            name_key=name_key(self.name.legal),
            identifiers=[VerifiedIdentifier(**dict(each), verification=verified) for each in self.identifiers],
            addresses=self.addresses,
            premises=self.premises,
            hosting=self.hosting,
            online_presence=self.online_presence,
            sectors=self.sectors,
            primary_sector=next(each.code for each in self.sectors if each.primary),
            business_scope=self.business_scope,
            capital=self.capital,
            established_on=self.established_on,
            zone_entry_on=self.zone_entry_on,
            term_until=self.term_until,
            parties=[
                Party(**dict(each), party_id=party_id)
                for each, party_id in zip(self.parties, completion.granted.party_ids, strict=True)
            ],
            ownership=self.ownership,
            contacts=self.contacts,
            opening_figures=self.opening_figures,
            latest_report=None,
            suspension=None,
            updated_at=completion.holds_from,
        )
        entry.record(registered(entry, completion.filing_id), effective_at=completion.holds_from)
        return entry


def registered(business: Business, filing_id: FilingId) -> BusinessRegistered:
    """What everyone hears of a business that has just entered the register."""
    opening = business.opening_figures
    return BusinessRegistered(
        business_id=business.id,
        registration_number=business.registration_number,
        partner_id=business.partner_id,
        kind=business.kind,
        legal_form=business.legal_form,
        name=business.name.legal,
        sector=business.primary_sector,
        zone_entry_on=business.zone_entry_on,
        opening_figures=OpeningFigures(**dict(opening)) if opening else None,
        filing_id=filing_id,
    )
