"""A tenant: what the incubator knows of a business, copied from what the registry said."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.growing import Growing
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.texts.search import search_tokens
from services.chassis.domain.times import Day, Instant, zone_date
from services.contracts.registry.businesses import BusinessId, BusinessKind, BusinessRegistered


class TenantStatus(StrEnum):
    """Whether the zone's offerings are open to a tenant."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISSOLVING = "dissolving"
    DISSOLVED = "dissolved"


MOVES = {
    TenantStatus.ACTIVE: {TenantStatus.SUSPENDED, TenantStatus.DISSOLVING},
    TenantStatus.SUSPENDED: {TenantStatus.ACTIVE, TenantStatus.DISSOLVING},
    TenantStatus.DISSOLVING: {TenantStatus.ACTIVE, TenantStatus.SUSPENDED, TenantStatus.DISSOLVED},
    TenantStatus.DISSOLVED: {TenantStatus.ACTIVE},
}


def tenant_id(business_id: str) -> str:
    """The tenant of a business: `ten_` and the same 32 digits.

    Found without a search, and still an id of its own: events carry their aggregate's id as subject and are
    numbered by it, so no two nouns may share one.
    """
    return f"ten_{business_id.removeprefix('biz_')}"


def book_id(business_id: str) -> str:
    """The book of a tenant's business: `bok_` and the same 32 digits, so opening it twice is opening it once."""
    return f"bok_{business_id.removeprefix('biz_')}"


class Tenant(Aggregate):
    """A tenant: the read-copy of a business, and whether it may trade. The registry decides; a tenant follows.

    Attributes:
        partner_id: the partner that registered the business, and the only one that sees it here.
        kind: as the registry said; one that is not known here stays the text that it came as.
        sector: the primary code of GB/T 4754-2017.
        since: from when its status is true, as the registry dates it.
        heard: the sequence of the last event of its business that it has followed; an older one says nothing any more.
        entered_on: the day on which its business entered the zone; None of one that was heard of before this was kept.
        registered_on: the day of its registration; None of one that was heard of before that was kept.
        search_tokens: by which words of its name it is found.
    """

    collection: ClassVar[str] = "tenants"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("partner_id", 1), ("_id", 1)),
        (("status", 1), ("kind", 1), ("_id", 1)),
        (("search_tokens", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["business_id", "partner_id", "status", "since"],
            "properties": {
                "status": {"enum": [status.value for status in TenantStatus]},
                "since": {"bsonType": "date"},
            },
        }
    }

    business_id: BusinessId
    partner_id: str
    name: str
    kind: Growing[BusinessKind]
    sector: str
    status: TenantStatus
    since: Instant
    heard: int = 0
    entered_on: Day | None = None
    registered_on: Day | None = None
    search_tokens: list[str] = Field(default=[])

    @classmethod
    def welcome(cls, event: BusinessRegistered, *, since: datetime) -> Self:
        """The tenant that a newly registered business becomes."""
        return cls(
            id=tenant_id(event.business_id),
            business_id=event.business_id,
            partner_id=event.partner_id,
            name=event.name,
            kind=event.kind,
            sector=event.sector,
            status=TenantStatus.ACTIVE,
            since=since,
            entered_on=event.zone_entry_on,
            registered_on=zone_date(since),
            search_tokens=search_tokens(event.name),
        )

    @property
    def may_trade(self) -> bool:
        """Whether new bookings, postings and pledges are open to it; those that run already go on either way."""
        return self.status is TenantStatus.ACTIVE

    @property
    def is_leaving(self) -> bool:
        """Whether its business is being dissolved, or is no more: what it has here ends."""
        return self.status in (TenantStatus.DISSOLVING, TenantStatus.DISSOLVED)

    @property
    def formed_on(self) -> date:
        """The day since which it is a business of the zone, as far as that is known."""
        return self.registered_on or zone_date(self.since)

    def follow(self, status: TenantStatus, *, since: datetime, sequence: int) -> bool:
        """Be what the registry says, unless something later was heard; whether this was news.

        Who is so already stays so since the day on which that began.
        """
        if sequence <= self.heard:
            return False
        self.heard = sequence
        if status in MOVES[self.status]:
            self.status, self.since = status, since
        return True
