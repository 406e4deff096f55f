"""The name of a business, in its languages."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, WithJsonSchema

from services.chassis.domain.part import Part
from services.chassis.domain.refusals import Refuses
from services.chassis.domain.times import Day
from services.chassis.domain.violations import STORED, as_validator
from services.registry.businesses.entry.rules.name_rules import trimmed

_as_kept: Final = as_validator(trimmed)


def _trimmed(name: str, info: ValidationInfo) -> str:
    return name if info.context is STORED else _as_kept(name)


LegalName = Annotated[
    str,
    AfterValidator(_trimmed),
    Refuses("name_invalid"),
    WithJsonSchema({"type": "string", "minLength": 2, "maxLength": 100, "format": "one-line"}),
]

Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A language tag (BCP 47), such as `zh`, `ug` or `zh-Hant`."""


class Translation(Part):
    """The name in another language."""

    name: LegalName
    """The name in that language."""
    language: Language
    """The language (BCP 47), such as `en`."""


class ProposedName(Part):
    """The name that a filing asks for."""

    legal: LegalName
    """The legal name: 2 to 100 characters, no other business's."""
    language: Language
    """The language of the legal name (BCP 47), such as `zh`."""
    translations: list[Translation] = Field(default=[], max_length=20)
    """The name in other languages."""


class FormerName(Part):
    """A name that a business no longer has."""

    name: str
    """The name that it had."""
    until: Day
    """The last day on which it had it."""


class Name(ProposedName):
    """The name that a business has, and those it had."""

    former: list[FormerName] = Field(default=[])
    """The names that it had before."""
