"""The particulars of a filing: how far it has come, what it says of itself, and what is written as it goes its way."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from services.chassis.ids import id_of
from services.chassis.times import Instant
from services.contracts.registry import BusinessId, FilingType, RejectionReason
from services.registry.annual_report import AnnualReport
from services.registry.payload import Payload, ReviewPolicy
from services.registry.registration import Granted, Registration
from services.registry.suspension import Resumption, Suspension


class FilingStatus(StrEnum):
    """How far a filing has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


S = FilingStatus
MOVES: Final[Mapping[FilingStatus, frozenset[FilingStatus]]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN, S.LAPSED}),
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.APPROVED, S.WITHDRAWN}),
    S.IN_REVIEW: frozenset({S.SUBMITTED, S.CHANGES_REQUESTED, S.APPROVED, S.REJECTED, S.WITHDRAWN}),
    S.CHANGES_REQUESTED: frozenset({S.SUBMITTED, S.IN_REVIEW, S.WITHDRAWN, S.LAPSED}),
    S.APPROVED: frozenset({S.COMPLETED, S.WITHDRAWN}),
    S.COMPLETED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.LAPSED: frozenset(),
}
UNDER_WAY: Final = (S.SUBMITTED, S.IN_REVIEW, S.CHANGES_REQUESTED, S.APPROVED)

Action = Literal["submit", "assign", "approve", "reject"]
ACTIONS: Final[Mapping[Action, FilingStatus]] = {
    "submit": S.DRAFT,
    "assign": S.SUBMITTED,
    "approve": S.IN_REVIEW,
    "reject": S.IN_REVIEW,
}
"""What a caller can do to a filing, and the status in which it can be done."""

AnyPayload = Registration | AnnualReport | Suspension | Resumption
PAYLOADS: Final[Mapping[FilingType, type[AnyPayload]]] = {
    payload.type: payload for payload in (Registration, AnnualReport, Suspension, Resumption)
}

Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
DecisionId = Annotated[str, id_of("dec")]


class Step(BaseModel):
    """A step of a filing; it is written once."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Declaration(Step):
    """That everything stated is true, and who says so."""

    accepted: Literal[True]
    name: str
    at: Instant


class Review(Step):
    """Which officer has taken the filing up."""

    assignee: str
    assigned_at: Instant


class Decision(Step):
    """What was decided, by whom and why; decisions are only ever added."""

    id: DecisionId
    by: str
    at: Instant
    outcome: Literal["approve", "reject"]
    reason_code: RejectionReason | None
    comment: str | None


class Block(Step):
    """Why a filing cannot take effect though it was approved, since when."""

    code: str
    detail: str
    since: Instant


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

    def is_due(self, at: datetime) -> bool:
        """Whether it is approved and its moment has come."""
        return self.status == FilingStatus.APPROVED and self.effective_at is not None and self.effective_at <= at
