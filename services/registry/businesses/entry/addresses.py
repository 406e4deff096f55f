"""Where a business is found and served: its addresses."""

import re
from typing import Annotated, Final

from pydantic import Field, StringConstraints, WithJsonSchema

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import rule
from services.registry.businesses.entry.line import Line

DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""GB/T 2260."""

POSTAL_CODE: Final = re.compile(r"[A-Za-z0-9]+([ -][A-Za-z0-9]+)*")

PostalCode = Annotated[
    str,
    Text(at_most=12),
    rule(POSTAL_CODE.fullmatch, "pattern", "A postal code has letters and digits, and single gaps in between."),
    WithJsonSchema({"type": "string", "maxLength": 12, "pattern": f"^{POSTAL_CODE.pattern}$"}),
]


class Address(Part):
    """A postal address."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """ISO 3166-1 alpha-2, such as `CN`."""
    region: Line
    """Province, autonomous region or state."""
    locality: Line
    """City or county."""
    lines: list[Line] = Field(min_length=1, max_length=4)
    """Street, number and what else leads there."""
    postal_code: PostalCode | None = None
    """As the post of the country writes it."""
    division_code: DivisionCode | None = None
    """The administrative division (GB/T 2260), for addresses in China."""


class Addresses(Part):
    """Where a business is found and served."""

    registered: Address
    """The registered address (住所)."""
    service: Address | None = None
    """Where documents are served (送达地址), if not at the registered address."""
    business: list[Address] = Field(default=[], max_length=50)
    """Where else business is done."""
