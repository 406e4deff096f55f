"""Where a business is found and served: its addresses."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.businesses.entry.part import Line, Part

DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""GB/T 2260."""


class Address(Part):
    """A postal address."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    region: Line
    locality: Line
    lines: list[Line] = Field(min_length=1, max_length=4)
    postal_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{1,12}$")] | None = None
    division_code: DivisionCode | None = None


class Addresses(Part):
    """The registered address (住所), the one for service of documents (送达地址), and where business is done."""

    registered: Address
    service: Address | None = None
    business: list[Address] = Field(default=[], max_length=50)
