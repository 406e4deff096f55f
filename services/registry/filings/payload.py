"""What a filing says. A filing type is one of these: a typed payload, its rules, and its effect on the business."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.part import Part
from services.chassis.domain.times import zone_date, zone_midnight
from services.chassis.domain.violations import Violation
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingId, FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.entry.contacts import Contacts
from services.registry.businesses.entry.hosting import Hosting
from services.registry.businesses.entry.parties import PartyId
from services.registry.businesses.record import Number

FURTHEST: Final = timedelta(days=90)
"""How far ahead a filing may ask to take effect."""


class ReviewPolicy(StrEnum):
    """Who decides a filing: the rules alone, an officer, or an officer and then a supervisor."""

    AUTOMATIC = "automatic"
    OFFICER = "officer"
    OFFICER_AND_SUPERVISOR = "officer_and_supervisor"


class Claimed(NamedTuple):
    """A unique key that a filing takes when it is submitted, and the refusal of who comes second.

    Attributes:
        path: to the member of the payload that makes it, for who is warned before.
    """

    key: str
    holder: str
    code: str
    detail: str
    path: tuple[str | int, ...]


@dataclass(frozen=True)
class Register:
    """What the register says around a filing at the moment of a decision.

    Attributes:
        today: the day in the zone.
        business: the one that the filing concerns; None before its registration.
        host: the business that the filing names as host, if it names one and that one is registered.
        changed: the fields of the entry that the filing replaces and that have changed since it was drafted.
    """

    today: date
    business: Business | None = None
    host: Business | None = None
    changed: frozenset[str] = frozenset()


class Granted(BaseModel):
    """What the registry itself gives a business at its registration: its number, and ids for its parties."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    registration_number: Number
    """The zone's own number."""
    party_ids: list[PartyId]
    """The ids of its parties, in their order."""


@dataclass(frozen=True)
class Completion:
    """With what a filing takes effect on a business.

    Attributes:
        business_id: of the business that it makes or changes.
        on_behalf_of: the partner that owns the business.
        holds_from: since when it is true.
        granted: what the registry gave with it.
        filing_id: of the filing itself.
    """

    business_id: BusinessId
    on_behalf_of: str
    holds_from: datetime
    granted: Granted | None
    filing_id: FilingId


class Payload(Part):
    """The base of all payloads: what the registration and every `Change` have in common.

    Attributes:
        type: the type of the filing that says this; each payload has one of its own.
        replaces: the fields of the entry that it replaces; a later change of one makes a draft stale.
        refuses: the codes of its violations, beyond those of its members; a draft is told them.
        refuses_later: the codes of its obstacles and claims, told when it is submitted.
        by_order: whether officials make it, against a business: then it is not its owner's to take back.
    """

    replaces: ClassVar[frozenset[str]] = frozenset()
    refuses_later: ClassVar[tuple[str, ...]] = ()
    by_order: ClassVar[bool] = False

    type: FilingType

    @property
    @abstractmethod
    def group(self) -> str:
        """Only one filing of a group can be under way for a business."""

    @property
    def review_policy(self) -> ReviewPolicy:
        """Who decides."""
        return ReviewPolicy.OFFICER

    @property
    def asked_hosting(self) -> Hosting | None:
        """The place at a host's address that it asks for, if it asks for one."""
        return None

    @property
    def host_id(self) -> BusinessId | None:
        """The business that it names as host, if it names one."""
        return self.asked_hosting.host_business_id if self.asked_hosting else None

    def digest(self) -> str:
        """The SHA-256 of what it says; what says the same has the same."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()

    def without_contacts(self) -> Self:
        """The same, but that nobody is reached by it: no business is changed by it in another way."""
        return self.model_copy(update={"contacts": Contacts()}) if "contacts" in type(self).model_fields else self

    def violations(self, today: date, business: Business | None) -> Iterator[Violation]:
        """What is wrong with it on a day; judged when it is drafted, submitted and completed."""
        return iter(())

    def obstacles(self, register: Register, business_id: str) -> Iterator[Violation]:
        """What others' state makes wrong with it; judged when it is submitted and completed."""
        return iter(())

    def claims(self, business_id: BusinessId, filing_id: FilingId) -> Iterator[Claimed]:
        """The keys that nobody else may hold at the same time."""
        return iter(())

    def grant(self) -> Granted | None:
        """What the registry itself gives at completion, kept in the filing."""
        return None

    @abstractmethod
    def effect(self, completion: Completion, business: Business | None) -> Business:
        """The business as it is afterwards. The same completion on the same business always gives the same."""

    # when it takes effect: when its filing asks to, within bounds, or as soon as that is approved

    def starts_at(self, business: Business | None) -> datetime | None:
        """When it takes effect, where it says so itself."""
        return None

    def untimely(self, moment: datetime, business: Business | None) -> Iterator[str]:
        """Why it cannot be true since a moment, for this business as it is."""
        return iter(())

    def requested_moment(self, asked: datetime | None, business: Business | None) -> datetime | None:
        """The moment that its filing asks for; some payloads name their first day themselves."""
        return self.starts_at(business) or asked

    def moment_violations(
        self, asked: datetime | None, business: Business | None, *, official: bool, at: datetime
    ) -> Iterator[Violation]:
        """What is wrong with the moment that its filing asks for; with this one, where it asks for none.

        It is now or to come, within 90 days; only officials may date a filing back.
        """
        said = self.starts_at(business)
        if said and asked not in (None, said):
            detail = "This filing says itself when it takes effect."
            yield Violation("effective_date", detail, ("requested_effective_at",))
        moment = said or asked or at
        earliest = zone_midnight(zone_date(at)) if said else at  # today is not in the past
        if (moment < earliest and not official) or moment > at + FURTHEST:
            wrong = ["A filing takes effect now, or within 90 days."]
        else:
            wrong = [*self.untimely(moment, business)]
        for detail in wrong:
            yield Violation("effective_date", detail, ("payload", "from") if said else ("requested_effective_at",))

    def effective_moment(self, asked: datetime | None, *, submitted_at: datetime, approved_at: datetime) -> datetime:
        """From when it is true, once its filing is approved.

        A moment that passed while the filing was under review is no reason to date it back, unless the payload's own
        days say so.
        """
        if asked is None:
            return approved_at
        passed_under_review = submitted_at < asked < approved_at
        return approved_at if passed_under_review and self.starts_at(None) != asked else asked


class Change(Payload):
    """The base of the payloads that change a business in the register: they are given that business."""

    def violations_for(self, business: Business, today: date) -> Iterator[Violation]:
        """What is wrong with it, for this business, on a day."""
        return iter(())

    @abstractmethod
    def change(self, business: Business, *, effective_at: datetime) -> None:
        """Change the business."""

    def violations(self, today: date, business: Business | None) -> Iterator[Violation]:
        return self.violations_for(_in_register(business), today)

    def effect(self, completion: Completion, business: Business | None) -> Business:
        changed = _in_register(business)
        changed.changed_by(completion.filing_id)
        self.change(changed, effective_at=completion.holds_from)
        return changed


def _in_register(business: Business | None) -> Business:
    if business is None:
        raise LookupError("A change is of a business in the register.")
    return business
