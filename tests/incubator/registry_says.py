"""Synthetic businesses, and what the registry tells of them, as a consumer hands it to a handler."""

from datetime import datetime
from typing import TypeVar

from services.chassis.domain.events import Event
from services.chassis.testing import heard
from services.chassis.testing.moments import day
from services.contracts.registry.businesses import (
    BusinessKind,
    BusinessRegistered,
    BusinessResumed,
    BusinessSuspended,
    LegalForm,
)
from services.contracts.registry.dissolutions import (
    BusinessDissolutionCancelled,
    BusinessDissolutionStarted,
    BusinessDissolved,
)

E = TypeVar("E", bound=Event)


def business(number: int = 1) -> str:
    return f"biz_{number:032x}"


def partner(number: int = 1) -> str:
    return f"par_{number:032x}"


def registered(
    number: int = 1, *, by: int = 1, kind: str = BusinessKind.CLOUD, effective_at: datetime | None = None
) -> BusinessRegistered:
    """The business with this number was registered by the partner with that one."""
    event = BusinessRegistered(
        business_id=business(number),
        registration_number=f"KEZ-{number}",
        partner_id=partner(by),
        kind=kind,
        legal_form=LegalForm.LIMITED_COMPANY,
        name=f"示例软件{number}号有限公司",
        sector="65",
        zone_entry_on=day("2026-03-02"),
        opening_figures=None,
    )
    return delivered(event, 1, effective_at=effective_at)


def suspended(number: int = 1, *, sequence: int = 2, effective_at: datetime | None = None) -> BusinessSuspended:
    event = BusinessSuspended(business_id=business(number), kind=BusinessKind.CLOUD, suspended_until=None)
    return delivered(event, sequence, effective_at=effective_at)


def resumed(number: int = 1, *, sequence: int = 3, effective_at: datetime | None = None) -> BusinessResumed:
    event = BusinessResumed(business_id=business(number), kind=BusinessKind.CLOUD)
    return delivered(event, sequence, effective_at=effective_at)


def dissolution_started(number: int = 1, *, sequence: int = 2, effective_at: datetime | None = None) -> Event:
    event = BusinessDissolutionStarted(
        business_id=business(number), kind=BusinessKind.CLOUD, mode="voluntary", notice_until=day("2026-03-22")
    )
    return delivered(event, sequence, effective_at=effective_at)


def dissolution_cancelled(number: int = 1, *, sequence: int = 3, status: str = "active") -> Event:
    event = BusinessDissolutionCancelled(business_id=business(number), kind=BusinessKind.CLOUD, status=status)
    return delivered(event, sequence)


def dissolved(number: int = 1, *, sequence: int = 3) -> Event:
    return delivered(BusinessDissolved(business_id=business(number), kind=BusinessKind.CLOUD), sequence)


def delivered(event: E, sequence: int, *, effective_at: datetime | None = None) -> E:
    return heard.delivered(event, str(getattr(event, "business_id", None)), sequence, effective_at=effective_at)
