"""What a caller sends of a filing."""

from typing import TYPE_CHECKING, Annotated, Final, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from services.chassis.domain.times import Instant
from services.chassis.domain.violations import rule
from services.contracts.registry.filings import RejectionReason
from services.registry.businesses.entry.part import Line
from services.registry.filings.catalogue import PAYLOADS, AnyPayload
from services.registry.filings.payload import Change
from services.registry.filings.steps import Comment
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.registration import Registration


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


class FilingOfAType(Body):
    """A filing for a business in the register; its type says what stands in its payload."""

    type: str
    payload: AnyPayload
    requested_effective_at: Instant | None = None


def body_of(payload: type[AnyPayload]) -> type[FilingOfAType]:
    """The body of filings of one type: `SuspensionFiling` for a `Suspension`."""
    return create_model(
        f"{payload.__name__}Filing",
        __base__=FilingOfAType,
        __doc__=(payload.__doc__ or "").partition("\n")[0],
        type=(Literal[payload.type.value], ...),  # type: ignore[arg-type]  # a literal that is known when it runs
        payload=(payload, ...),
    )


FILINGS: Final = {type: body_of(payload) for type, payload in PAYLOADS.items() if issubclass(payload, Change)}
"""The body of each filing type that changes a business."""

if TYPE_CHECKING:
    NewFiling = FilingOfAType
else:
    NewFiling = Annotated[Union[tuple(FILINGS.values())], Field(discriminator="type")]  # noqa: UP007 – of a list


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
