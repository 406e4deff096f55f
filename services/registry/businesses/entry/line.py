"""A line of text in an entry of the register: a name, a line of an address, a reason."""

from typing import Annotated

from services.chassis.domain.texts.text import Text

Line = Annotated[str, Text(at_most=200)]
"""A short text."""
