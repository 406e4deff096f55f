"""What a caller sends of a filing."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.domain.times import Instant
from services.chassis.domain.violations import rule
from services.contracts.registry.filings import RejectionReason
from services.registry.businesses.entry.part import Line
from services.registry.filings.steps import Comment
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.resumption import Resumption
from services.registry.filings.types.suspension import Suspension


class Body(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NewRegistration(Body):
    """A business that wants to enter the register."""

    payload: Registration
    requested_effective_at: Instant | None = None


class NewAnnualReport(Body):
    """The figures of a year."""

    payload: AnnualReport
    requested_effective_at: Instant | None = None


class AnnualReportFiling(NewAnnualReport):
    """An annual report, among filings of other types."""

    type: Literal["annual_report"]


class SuspensionFiling(Body):
    """A business that wants to stop trading for a time."""

    type: Literal["suspension"]
    payload: Suspension
    requested_effective_at: Instant | None = None


class ResumptionFiling(Body):
    """A suspended business that wants to trade again."""

    type: Literal["resumption"]
    payload: Resumption
    requested_effective_at: Instant | None = None


NewFiling = Annotated[AnnualReportFiling | SuspensionFiling | ResumptionFiling, Field(discriminator="type")]


class Declare(Body):
    """That everything stated is true, and who says so."""

    accepted: bool
    name: Line


class Submit(Body):
    """A filing is handed in with a declaration."""

    declaration: Declare | None = None


class Approve(Body):
    """What an officer has to say to an approval."""

    comment: Comment | None = None


class Reject(Body):
    """Why a filing is refused: the applicant reads it."""

    reason_code: RejectionReason
    comment: Annotated[Comment, rule(bool, "comment_required", "Say why.")] = Field(default="", validate_default=True)
