"""Credit codes for businesses that do not exist. A real code comes from a registering authority only."""

from typing import Final

from services.registry.businesses.entry.rules.code_checks import (
    MARKET_DEPARTMENT,
    organisation_check_character,
    uscc_check_character,
)

KORLA: Final = "652801"
"""The division code of the city of Korla (GB/T 2260)."""


def make_uscc(category: str, organisation: str, division: str = KORLA) -> str:
    """A credit code that passes every check (GB 32100-2015), from its parts.

    Args:
        category: 1 for companies and branches, 2 for individual households, 3 for cooperatives.
        organisation: the first eight characters of an organisation code.
        division: six digits.
    """
    body = MARKET_DEPARTMENT + category + division + organisation + organisation_check_character(organisation)
    return body + uscc_check_character(body)
