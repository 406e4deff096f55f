"""What a caller sends of a filing."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from typing_extensions import TypeAliasType

from services.chassis.domain.part import Change as PatchOf
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import rule
from services.chassis.http.bodies.merge_patch import Patches, merged
from services.chassis.http.problems import from_validation
from services.contracts.gateway.access import PartnerId
from services.contracts.registry.filings import FilingType, RejectionReason
from services.registry.businesses.entry.line import Line
from services.registry.filings.catalogue import PAYLOADS, AnyPayload
from services.registry.filings.payload import Change
from services.registry.filings.steps import Comment
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.registration import Registration


class Body(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Draft(Body):
    """What every new filing may ask for."""

    requested_effective_at: Instant | None = None
    """From when it is to hold: within 90 days; null for as soon as it is approved."""


class RegistrationDraft(Draft):
    """A business that wants to enter the register."""

    payload: Registration
    """Everything that it says about itself."""
    on_behalf_of: PartnerId | None = None
    """The partner that is to own it, where an official files for one; null for the filer's own."""


class AnnualReportDraft(Draft):
    """The figures of a year."""

    payload: AnnualReport
    """What it reports."""


class FilingOfAType(Draft):
    """A filing for a business in the register; its type says what stands in its payload."""

    type: str
    payload: AnyPayload


def _literal(type: FilingType) -> Any:
    """The one value of a type, known only when it runs."""
    return Literal[type.value]


def body_of(type: FilingType, payload: "type[AnyPayload]") -> "type[FilingOfAType]":
    """The body of filings of one type: `SuspensionFiling` for a `Suspension`."""
    return create_model(
        f"{payload.__name__}Filing",
        __base__=FilingOfAType,
        __doc__=(payload.__doc__ or "").partition("\n")[0],
        type=(_literal(type), Field(description="What it does to the register.")),
        payload=(payload, Field(description="What it says.")),
    )


FILINGS: Final = {type: body_of(type, payload) for type, payload in PAYLOADS.items() if issubclass(payload, Change)}
"""The body of each filing type that changes a business."""

if TYPE_CHECKING:
    NewFiling = FilingOfAType
else:
    NewFiling = TypeAliasType(
        "FilingDraft",
        Annotated[Union[tuple(FILINGS.values())], Field(discriminator="type")],  # noqa: UP007 – of a list
    )


class ChangeFiling(Body):
    """What is to change of a draft; what is left out stays (RFC 7396)."""

    payload: Annotated[PatchOf[dict[str, Any]], Patches(AnyPayload)] = None
    """What it says otherwise: members that are named are replaced, those of objects one by one, and null removes one.
    Lists are replaced as a whole; its `type` stays."""
    requested_effective_at: Instant | None = None
    """From when it is to hold: within 90 days; null for as soon as it is approved."""

    def payload_after(self, before: AnyPayload, *, official: bool, today: date) -> AnyPayload:
        """What the draft says then.

        Raises:
            Unprocessable: what is wrong with it, each at its place.
        """
        if self.payload is None:
            return before
        said = merged(before.model_dump(mode="json"), self.payload)
        try:
            return type(before).model_validate(said, context={"today": today})
        except ValidationError as error:
            wrong = [{**each, "loc": ("body", "payload", *each["loc"])} for each in error.errors()]
            told = RequestValidationError(wrong, body={"payload": said})
            raise from_validation(told, official=official) from error


class Declare(Body):
    """That everything stated is true, and who says so."""

    accepted: bool
    """Whether it is so."""
    name: Line
    """The person who declares it."""


class Submit(Body):
    """A filing is handed in with a declaration."""

    declaration: Declare | None = None
    """Without one, and without its acceptance, nothing is handed in."""


class Approve(Body):
    """What an officer has to say to an approval."""

    comment: Comment | None = None
    """What the officer has to say."""


class Reject(Body):
    """Why a filing is refused: the applicant reads it."""

    reason_code: RejectionReason
    """Why, for programs."""
    comment: Annotated[Comment, rule(bool, "comment_required", "Say why.")] = Field(default="", validate_default=True)
    """Why, for people: the applicant reads it."""
