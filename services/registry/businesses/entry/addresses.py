"""Where a business is found and served: its addresses."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.businesses.entry.part import Line, Part

DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""GB/T 2260."""


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
    postal_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{1,12}$")] | None = None
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
