"""The dossier of a filing: everything that it says of itself, and the parts that are written as it goes its way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from services.chassis.ids import id_of
from services.chassis.times import Instant
from services.contracts.registry import BusinessId, FilingType, RejectionReason
from services.registry.annual_report import AnnualReport
from services.registry.filing_status import FilingStatus
from services.registry.payload import Payload, ReviewPolicy
from services.registry.registration import Granted, Registration
from services.registry.suspension import Resumption, Suspension

AnyPayload = Registration | AnnualReport | Suspension | Resumption
PAYLOADS: Final[Mapping[FilingType, type[AnyPayload]]] = {
    payload.type: payload for payload in (Registration, AnnualReport, Suspension, Resumption)
}

Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
DecisionId = Annotated[str, id_of("dec")]


class Part(BaseModel):
    """A part of a filing that is written once."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Declaration(Part):
    """That everything stated is true, and who says so."""

    accepted: Literal[True]
    name: str
    at: Instant


class Review(Part):
    """Which officer has taken the filing up."""

    assignee: str
    assigned_at: Instant


class Decision(Part):
    """What was decided, by whom and why; decisions are only ever added."""

    id: DecisionId
    by: str
    at: Instant
    outcome: Literal["approve", "reject"]
    reason_code: RejectionReason | None
    comment: str | None


class Block(Part):
    """Why an approved filing cannot take effect, since when."""

    code: str
    detail: str
    since: Instant


class Dossier(BaseModel):
    """Everything that a filing says of itself.

    Attributes:
        base_version: the version of the business against which it was drafted; 0 for a registration.
        effective_at: from when it holds; known once it is approved.
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
    def submitted_at(self) -> datetime:
        """When it was handed in; a submitted filing knows."""
        assert self.declaration is not None, "not submitted"
        return self.declaration.at

    @property
    def holds_from(self) -> datetime:
        """From when it is true; an approved filing knows."""
        assert self.effective_at is not None, "not approved"
        return self.effective_at

    def is_due(self, at: datetime) -> bool:
        """Whether it is approved and its moment has come."""
        return self.status == FilingStatus.APPROVED and self.effective_at is not None and self.effective_at <= at
