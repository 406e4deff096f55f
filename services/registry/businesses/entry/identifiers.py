"""Identifiers: the codes that authorities gave a business."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ValidationInfo, field_validator

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import STORED, Violation, as_validator
from services.contracts.registry.documents import DocumentId
from services.registry.businesses.entry.rules.code_checks import IdentifierError, check, check_zone_uscc, normalised

USCC = "CN-USCC"

Scheme = Literal["CN-USCC", "LEI", "DUNS"]


IDENTIFIER_CODES: Final = (
    "identifier_length",
    "identifier_character",
    "identifier_department",
    "identifier_region",
    "identifier_organisation_check",
    "identifier_check_digit",
)
"""What the checks of the schemes refuse with."""

_checked: Final = as_validator(check)


class Identifier(Part):
    """A code by its scheme, in canonical form (GB 32100-2015, ISO 17442, D-U-N-S)."""

    refuses: ClassVar = IDENTIFIER_CODES

    scheme: Scheme
    """Whose code it is: `CN-USCC` (统一社会信用代码, GB 32100-2015), `LEI` (ISO 17442) or `DUNS`."""
    id: Annotated[str, Text(at_most=100, at_least=0)]
    """The code; blanks, hyphens, full width and lower case are taken out of what is sent."""

    @field_validator("id")
    @classmethod
    def _in_canonical_form(cls, value: str, info: ValidationInfo) -> str:
        if info.context is STORED:
            return value
        code = normalised(value)
        if "scheme" in info.data:
            _checked(info.data["scheme"], code)
        return code

    @property
    def key(self) -> str:
        """What two businesses must not share: `CN-USCC:91…`."""
        return f"{self.scheme}:{self.id}"


def code_violations(identifiers: list[Identifier], legal_form: str | None) -> Iterator[Violation]:
    """What is wrong with the codes of a business of this legal form, taken together; None where that is not known."""
    schemes = [each.scheme for each in identifiers]
    if USCC not in schemes:
        yield Violation("identifier_required", "A business has a Unified Social Credit Code.")
    for place, each in enumerate(identifiers):
        if each.scheme in schemes[:place]:
            yield Violation("identifier_repeated", "There is one code of each scheme.", (place,))
        if each.scheme == USCC and legal_form:
            try:
                check_zone_uscc(each.id, legal_form)
            except IdentifierError as error:
                yield error.at(place, "id")


class Verification(Part):
    """How sure the registry is of a code, and by whom."""

    level: Literal["format", "corroborated", "exception"]
    """Every check of its scheme passes, another source says the same, or an officer took evidence in their place."""
    at: Instant
    """When it was verified."""
    by: str = "system"
    """The client that verified it; `system` where the rules alone did."""
    document_id: DocumentId | None = None
    """The document by which it was corroborated."""


class VerifiedIdentifier(Identifier):
    """A code in the register."""

    verification: Verification
    """How sure the registry is of it."""
