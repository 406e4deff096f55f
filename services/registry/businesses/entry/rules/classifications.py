"""What a business does: the national industry classification and its international counterpart.

Both files in `reference/` hold one row a category, in the order of the standard: the code, the title, and for
GB/T 4754 the corresponding ISIC classes. The length of a code is its level; a group lies in the division, and
a class in the group, that its code begins with; a division lies in the section above it.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from services.chassis.domain.violations import Violated

Scheme = Literal["GBT4754-2017", "ISIC4"]
Level = Literal["section", "division", "group", "class"]

PRIMARY_SCHEME: Final[Scheme] = "GBT4754-2017"
_LEVELS: Final[tuple[Level, ...]] = ("section", "division", "group", "class")


class Classification(NamedTuple):
    """Where a reference file comes from, and how many categories of each level the standard has."""

    file: str
    source: str
    version: str
    counts: Mapping[Level, int]


CLASSIFICATIONS: Final[Mapping[Scheme, Classification]] = {
    "GBT4754-2017": Classification(
        file="gbt4754-2017.csv",
        source="National Bureau of Statistics of China, GB/T 4754-2017, and its annex C for ISIC",
        version="2017, before amendment 1 of 2019",
        counts={"section": 20, "division": 97, "group": 473, "class": 1381},
    ),
    "ISIC4": Classification(
        file="isic4.csv",
        source="United Nations Statistics Division, International Standard Industrial Classification",
        version="Revision 4, 2008",
        counts={"section": 21, "division": 88, "group": 238, "class": 419},
    ),
}


@dataclass(frozen=True, slots=True)
class Sector:
    """One category of a classification, with the section (a letter) that it belongs to."""

    scheme: Scheme
    code: str
    level: Level
    parent: str | None
    section: str
    title_zh: str | None
    title_en: str | None
    isic4: tuple[str, ...]


class SectorError(Violated):
    """A code that names no sector (`sector_unknown`) or one too coarse (`sector_level`)."""


def sector(scheme: str, code: str) -> Sector:
    """The category of this code.

    Raises:
        SectorError: `sector_unknown`.
    """
    found = sectors(scheme).get(code) if scheme in CLASSIFICATIONS else None
    if found is None:
        raise SectorError("sector_unknown", "There is no such code in this classification.")
    return found


def primary_sector(scheme: str, code: str) -> Sector:
    """The category under which a business is counted: GB/T 4754-2017, a division or finer.

    Raises:
        SectorError: `sector_unknown`, or `sector_level` for a section or another classification.
    """
    found = sector(scheme, code)
    if found.scheme != PRIMARY_SCHEME or found.level == "section":
        raise SectorError("sector_level", "A primary sector is a code of GB/T 4754-2017 with two to four digits.")
    return found


def section_of(code: str) -> str:
    """The section letter, A to T, of a GB/T 4754-2017 code of any level.

    Raises:
        SectorError: `sector_unknown`.
    """
    return sector(PRIMARY_SCHEME, code).section


@cache
def sectors(scheme: Scheme) -> Mapping[str, Sector]:
    """All categories of a classification by code, in the order of the standard; read once."""
    found: dict[str, Sector] = {}
    section = ""
    path = Path(__file__).parent / "reference" / CLASSIFICATIONS[scheme].file
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["code"]
            level = _LEVELS[len(code) - 1]
            if level == "section":
                section = code
            parent = {"section": None, "division": section}.get(level, code[:-1])
            found[code] = Sector(
                scheme=scheme,
                code=code,
                level=level,
                parent=parent,
                section=section,
                title_zh=row.get("title_zh"),
                title_en=row.get("title_en"),
                isic4=tuple(row.get("isic4", "").split()),
            )
    return found
