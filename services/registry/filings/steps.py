"""The steps of a filing: what is written once, as it goes its way."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict

from services.chassis.domain.ids import id_of, new_id
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import Violation
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import RejectionReason

Comment = Annotated[str, Text(at_most=4000, at_least=0, lines=True)]

DecisionId = Annotated[str, id_of("dec")]


class Step(BaseModel):
    """A step of a filing; it is written once."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Declaration(Step):
    """That everything stated is true, and who says so."""

    accepted: bool
    """True: who does not accept it declares nothing."""
    name: str | None
    """The person who declares it; null once the filing was blanked."""
    at: Instant
    """The moment at which it was declared: that of handing in."""


class HostConfirmation(Step):
    """That the owner of the host takes the business in, as the filing states it."""

    host_business_id: BusinessId
    """The business that takes it in."""
    by: str
    """The client of its owner that said so."""
    at: Instant
    """The moment at which the hosting was confirmed."""
    content: str | None
    """The SHA-256 of what was confirmed: a filing that says anything else by then needs another confirmation; null once
    it was blanked."""


class FilingReview(Step):
    """Which officer has taken the filing up."""

    assignee: str
    """The officer's client."""
    assigned_at: Instant
    """The moment at which the officer took it up."""
    second_approval: Literal["pending", "given"] | None = None
    """Whether a supervisor has yet to approve it, too, once its assignee has; null where none is needed, or not yet."""


class Decision(Step):
    """What was decided, by whom and why; decisions are only ever added."""

    id: DecisionId
    """Its id, `dec_` and 32 hex digits; a filing of two approvals has two."""
    by: str
    """The client that decided; `system` where the rules alone did."""
    at: Instant
    """The moment at which it was decided."""
    outcome: Literal["approve", "reject"]
    """What was decided."""
    reason_code: RejectionReason | None
    """Why it was refused, for programs."""
    comment: str | None
    """What the officer had to say; null where that is nothing, or once the filing was blanked."""

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


class FilingWarning(Step):
    """What a draft would be refused for, if it was handed in as it is and the register stayed as it is."""

    pointer: str
    """Where it stands in the filing (RFC 6901)."""
    code: str
    """Of the rule that would refuse it; `/problems/<code>` explains it."""
    detail: str
    """The same in a sentence."""
    business_id: BusinessId | None
    """The business in the register that has what only one can have; null where that is not the reason."""

    @classmethod
    def of(cls, said: Violation, business_id: BusinessId | None = None) -> Self:
        """A violation, told as a warning."""
        return cls(pointer=said.pointer, code=said.code, detail=said.detail, business_id=business_id)


class Block(Step):
    """Why a filing cannot take effect though it was approved, since when."""

    code: str
    """Of the rule that stands in its way."""
    detail: str
    """The same in a sentence."""
    since: Instant
    """The moment from which it has waited."""
