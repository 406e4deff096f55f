"""The steps of a filing: what is written once, as it goes its way."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.chassis.domain.ids import id_of, new_id
from services.chassis.domain.times import Instant
from services.contracts.registry.filings import RejectionReason

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

    @classmethod
    def made(
        cls,
        outcome: Literal["approve", "reject"],
        by: str,
        at: datetime,
        comment: str | None,
        reason_code: RejectionReason | None = None,
    ) -> Self:
        """A new decision; a comment without words is none."""
        id = new_id("dec")
        return cls(id=id, by=by, at=at, outcome=outcome, reason_code=reason_code, comment=comment or None)


class Block(Step):
    """Why a filing cannot take effect though it was approved, since when."""

    code: str
    detail: str
    since: Instant
