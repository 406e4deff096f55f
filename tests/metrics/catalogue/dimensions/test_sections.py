"""All 97 divisions of GB/T 4754-2017, each with its section, written out."""

import pytest

from services.metrics.catalogue.dimensions.sections import section_of

SECTIONS = {
    "A": "01 02 03 04 05",
    "B": "06 07 08 09 10 11 12",
    "C": "13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43",
    "D": "44 45 46",
    "E": "47 48 49 50",
    "F": "51 52",
    "G": "53 54 55 56 57 58 59 60",
    "H": "61 62",
    "I": "63 64 65",
    "J": "66 67 68 69",
    "K": "70",
    "L": "71 72",
    "M": "73 74 75",
    "N": "76 77 78 79",
    "O": "80 81 82",
    "P": "83",
    "Q": "84 85",
    "R": "86 87 88 89 90",
    "S": "91 92 93 94 95 96",
    "T": "97",
}
DIVISIONS = [(division, letter) for letter, divisions in SECTIONS.items() for division in divisions.split()]


def test_the_table_has_all_divisions() -> None:
    assert [division for division, _ in DIVISIONS] == [f"{number:02d}" for number in range(1, 98)]


@pytest.mark.parametrize(("division", "letter"), DIVISIONS)
def test_a_division_its_groups_and_its_classes_lie_in_one_section(division: str, letter: str) -> None:
    assert section_of(division) == section_of(division + "1") == section_of(division + "11") == letter


@pytest.mark.parametrize("code", ["", "0", "5", "00", "98", "A", "F", "５２", "-1", " 52", "5_2"])
def test_what_begins_with_no_division_has_no_section(code: str) -> None:
    with pytest.raises(ValueError, match="GB/T 4754-2017"):
        section_of(code)
