"""The record of a filing: everything that it says of itself."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from services.chassis.domain.times import Instant
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingType
from services.registry.filings.catalogue import PAYLOADS, AnyPayload
from services.registry.filings.payload import Completion, Granted, Payload, ReviewPolicy
from services.registry.filings.status import FilingStatus
from services.registry.filings.steps import Block, Decision, Declaration, Review


class Particulars(BaseModel):
    """Everything that a filing says of itself.

    Attributes:
        base_version: the version of the business against which it was drafted; 0 for a registration.
        effective_at: from when it holds; known once it is approved.
        block: why it cannot take effect, since when; of a withdrawn one, why it never will.
        partner_id: the partner that made it.
        on_behalf_of: the partner that owns the business.
        drafted_by, submitted_by: the clients that made it and handed it in; neither ever decides it.
        granted: what the registry gave at completion.
    """

    business_id: BusinessId
    type: FilingType
    status: FilingStatus
    review_policy: ReviewPolicy
    base_version: int
    requested_effective_at: Instant | None
    effective_at: Instant | None = None
    completed_at: Instant | None = None
    payload: AnyPayload
    declaration: Declaration | None = None
    review: Review | None = None
    decisions: list[Decision] = Field(default=[])
    block: Block | None = None
    granted: Granted | None = None
    partner_id: str
    on_behalf_of: str
    drafted_by: str
    submitted_by: str | None = None
    origin: Literal["api", "system"]

    @field_validator("payload", mode="before")
    @classmethod
    def _of_its_type(cls, value: Any, info: ValidationInfo) -> Any:
        return value if isinstance(value, Payload) else PAYLOADS[info.data["type"]].model_validate(value)

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
