"""The profile of the zone: what is true of it as a whole, and no event says."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Profile:
    """What the zone is.

    Attributes:
        name, name_zh: as people call it.
        area_km2: of its territory.
        founded: the month, as far as it is known.
        national_since: the year in which it became a zone of the national level.
        seed_fund: in fen, what is set aside for incubatees; None while the zone has not stated it.
    """

    name: str
    name_zh: str
    area_km2: int
    founded: str
    national_since: str
    seed_fund: int | None


ZONE: Final = Profile(
    name="Korla Economic and Technological Development Zone",
    name_zh="库尔勒经济技术开发区",
    area_km2=140,
    founded="2000-07",
    national_since="2011",
    seed_fund=None,
)
"""Published figures; whoever runs another zone changes them here."""
