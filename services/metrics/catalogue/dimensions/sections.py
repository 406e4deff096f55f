"""The sector of a business in the figures: the section (A-T) of its primary code of GB/T 4754-2017."""

from typing import Final, Literal, get_args

from services.chassis.domain.errors import Reject
from services.metrics.figures.dimensions import Dimension

Sector = Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T"]
"""A section of GB/T 4754-2017."""

_LAST_DIVISIONS: Final = {
    "A": 5,
    "B": 12,
    "C": 43,
    "D": 46,
    "E": 50,
    "F": 52,
    "G": 60,
    "H": 62,
    "I": 65,
    "J": 69,
    "K": 70,
    "L": 72,
    "M": 75,
    "N": 79,
    "O": 82,
    "P": 83,
    "Q": 85,
    "R": 90,
    "S": 96,
    "T": 97,
}
"""GB/T 4754-2017: each section's last division; a section begins where the one before it ends."""

_SECTIONS: Final = {
    f"{division:02d}": next(letter for letter, last in _LAST_DIVISIONS.items() if division <= last)
    for division in range(1, 98)
}


def section_of(code: str) -> str:
    """The section letter of a GB/T 4754-2017 code of two to four digits, by its division.

    Raises:
        ValueError: the code does not begin with one of the 97 divisions.
    """
    section = _SECTIONS.get(code[:2])
    if section is None:
        raise ValueError("not a division, group or class of GB/T 4754-2017")
    return section


def stated_section(code: str) -> str:
    """The section of a code that an event states. Raises Reject: it is no code of GB/T 4754-2017."""
    try:
        return section_of(code)
    except ValueError as error:
        raise Reject(f"the sector is {error}") from None


SECTOR: Final = Dimension(
    "sector",
    Sector,
    values=get_args(Sector),
    of=lambda state: str(state["sector"]),
    about="Section of GB/T 4754-2017.",
)
"""Of what says in its facts to which section it belongs."""
