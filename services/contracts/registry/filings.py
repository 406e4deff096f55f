"""What the registry tells everyone of filings."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.contracts.registry.businesses import BusinessId

FILINGS = Topic("zone.registry.filings")
"""Filings with their fees, documents and messages; keyed by the business that they concern."""

MOST_DRAFTS: Final = 1_000
"""Filings of one partner that were begun and neither handed in nor withdrawn."""

FilingId = Annotated[str, id_of("fil")]


class FilingType(StrEnum):
    """The acts that change the register; each has its payload, guard and effect in the registry."""

    REGISTRATION = "registration"
    ANNUAL_REPORT = "annual_report"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    DISSOLUTION = "dissolution"
    ADMINISTRATIVE_DISSOLUTION = "administrative_dissolution"
    DISSOLUTION_CANCELLATION = "dissolution_cancellation"


RejectionReason = Literal["incomplete", "incorrect", "not_eligible", "duplicate", "prohibited", "other"]
"""Why an officer refuses a filing."""


class FilingEvent(Event):
    """What every event of a filing says."""

    business_id: BusinessId
    filing_id: FilingId
    type: Growing[FilingType]


class FilingDrafted(FilingEvent, name="zone.registry.filing.drafted.v1", topic=FILINGS):
    """A filing was begun; nobody outside hears of drafts."""


class FilingAmended(FilingEvent, name="zone.registry.filing.amended.v1", topic=FILINGS):
    """A draft says something else by now; nobody outside hears of drafts."""


class FilingSubmitted(FilingEvent, name="zone.registry.filing.submitted.v1", topic=FILINGS, audience="owner"):
    """A filing was handed in, complete."""


class HostingConfirmed(FilingEvent, name="zone.registry.hosting.confirmed.v1", topic=FILINGS, audience="owner"):
    """The owner of the host that a filing names takes the business in, as that filing states it."""

    host_business_id: BusinessId
    """The business that takes it in."""


class FilingAssigned(FilingEvent, name="zone.registry.filing.assigned.v1", topic=FILINGS, audience="owner"):
    """An officer took a filing up."""


class FilingApproved(FilingEvent, name="zone.registry.filing.approved.v1", topic=FILINGS, audience="owner"):
    """A filing was found good, by rule or by an officer."""


class FilingBlocked(FilingEvent, name="zone.registry.filing.blocked.v1", topic=FILINGS, audience="owner"):
    """An approved filing cannot take effect; it is tried again until it can."""

    code: str
    """Of the rule that stands in its way."""


class FilingWithdrawn(FilingEvent, name="zone.registry.filing.withdrawn.v1", topic=FILINGS, audience="owner"):
    """A filing was ended without effect: by its owner, or approved, by an official or as it never could take effect."""

    code: str
    """Of the rule that stands in its way for good; `withdrawn_by_owner` where its owner took it back,
    `withdrawn_by_official` where an official ended it after it was approved."""


class FilingLapsed(FilingEvent, name="zone.registry.filing.lapsed.v1", topic=FILINGS, audience="owner"):
    """A draft was not handed in within 90 days; it will not come back."""


class FilingBlanked(FilingEvent, name="zone.registry.filing.blanked.v1", topic=FILINGS, audience="owner"):
    """What a filing said is not known any more: it ended without effect 90 days ago, or was withdrawn as a draft.

    Of one that took effect its contacts alone are not: its business left the register 90 days ago.
    """


class FilingCompleted(FilingEvent, name="zone.registry.filing.completed.v1", topic=FILINGS, audience="owner"):
    """A filing took effect."""


class FilingRejected(FilingEvent, name="zone.registry.filing.rejected.v1", topic=FILINGS, audience="owner"):
    """An officer refused a filing; it will not come back."""

    reason_code: Growing[RejectionReason]
