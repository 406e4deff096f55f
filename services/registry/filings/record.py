"""The record of a filing: everything that it says of itself."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.times import Instant
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingType
from services.registry.filings.catalogue import FilingPayload
from services.registry.filings.payload import Completion, Granted, ReviewPolicy
from services.registry.filings.status import FilingStatus
from services.registry.filings.steps import Block, Decision, Declaration, Review


class Particulars(BaseModel):
    """Everything that a filing says of itself."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    business_id: BusinessId
    """The business that it makes or changes."""
    type: FilingType
    """What it does to the register."""
    status: FilingStatus
    """How far it has come."""
    review_policy: ReviewPolicy
    """Who decides it."""
    base_version: int
    """The version of the business against which it was drafted; 0 for a registration."""
    requested_effective_at: Instant | None
    """From when it is to hold, where that was asked for."""
    effective_at: Instant | None = None
    """From when it holds; known once it is approved."""
    completed_at: Instant | None = None
    """When it took effect."""
    payload: FilingPayload
    """What it says."""
    declaration: Declaration | None = None
    """Who declared that all is true; known once it is handed in."""
    review: Review | None = None
    """Which officer has taken it up."""
    decisions: list[Decision] = Field(default=[])
    """What was decided, in order."""
    block: Block | None = None
    """Why it cannot take effect, since when; of a withdrawn one, why it never will."""
    granted: Granted | None = None
    """What the registry gave at completion."""
    partner_id: str
    """The partner that made it."""
    on_behalf_of: str
    """The partner that owns the business."""
    drafted_by: str
    """The client that made it, which never decides it."""
    submitted_by: str | None = None
    """The client that handed it in, which never decides it either."""
    origin: Literal["api", "system"]
    """Whether a caller made it or a clock did."""

    @property
    def makes_its_business(self) -> bool:
        """Whether a business enters the register with it; every other filing changes one."""
        return self.base_version == 0

    @property
    def submitted_at(self) -> datetime:
        """When it was handed in; a submitted filing knows."""
        assert self.declaration is not None, "not submitted"
        return self.declaration.at

    @property
    def holds_from(self) -> datetime:
        """From when it is true; an approved filing knows."""
        assert self.effective_at is not None, "not approved"
        return self.effective_at

    def completion(self) -> Completion:
        """With what its payload takes effect; an approved filing knows."""
        return Completion(self.business_id, self.on_behalf_of, self.holds_from, self.granted)

    def is_due(self, at: datetime) -> bool:
        """Whether it is approved and its moment has come."""
        return self.status == FilingStatus.APPROVED and self.effective_at is not None and self.effective_at <= at
