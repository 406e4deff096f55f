"""The reference data is complete by the standards' own counts, and its codes hang together."""

from collections import Counter
from typing import get_args

import pytest

from services.registry.businesses.entry.rules.classifications import (
    CLASSIFICATIONS,
    Scheme,
    SectorError,
    primary_sector,
    section_of,
    sector,
    sectors,
)

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_classification_has_as_many_categories_as_its_standard_says(scheme: Scheme) -> None:
    assert Counter(found.level for found in sectors(scheme).values()) == CLASSIFICATIONS[scheme].counts


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_category_lies_in_one_of_the_level_above(scheme: Scheme) -> None:
    levels = ["section", "division", "group", "class"]
    for found in sectors(scheme).values():
        if found.level == "section":
            assert found.parent is None
            continue
        assert found.parent is not None
        parent = sector(scheme, found.parent)
        assert levels.index(parent.level) == levels.index(found.level) - 1
        assert parent.section == found.section


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_category_is_found_under_its_own_code_and_has_a_title(scheme: Scheme) -> None:
    for code, found in sectors(scheme).items():
        assert found.code == code
        assert (found.title_zh or found.title_en or "").strip()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_source_and_version_are_stated(scheme: Scheme) -> None:
    assert CLASSIFICATIONS[scheme].source
    assert CLASSIFICATIONS[scheme].version


def test_the_national_classification_names_existing_international_classes_for_1369_of_its_classes() -> None:
    national = [found for found in sectors("GBT4754-2017").values() if found.isic4]
    assert len(national) == 1369
    assert {found.level for found in national} == {"class"}
    assert {sector("ISIC4", code).level for found in national for code in found.isic4} == {"class"}


def test_one_category_in_full() -> None:
    found = sector("GBT4754-2017", "5292")
    assert (found.level, found.parent, found.section) == ("class", "529", "F")
    assert (found.title_zh, found.title_en, found.isic4) == ("互联网零售", None, ("4791",))


def test_the_international_classification_has_english_titles() -> None:
    found = sector("ISIC4", "0111")
    assert (found.level, found.parent, found.section, found.title_zh) == ("class", "011", "A", None)
    assert found.title_en == "Growing of cereals (except rice), leguminous crops and oil seeds"


def test_a_title_with_a_comma_is_read_whole() -> None:
    assert sector("ISIC4", "A").title_en == "Agriculture, forestry and fishing"


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        ("GBT4754-2017", ""),
        ("GBT4754-2017", "98"),
        ("GBT4754-2017", "5"),
        ("GBT4754-2017", "００"),
        ("GBT4754-2017", "５２"),
        ("GBT4754-2017", "52 "),
        ("GBT4754-2017", "52920"),
        ("GBT4754-2017", "U"),
        ("GBT4754-2011", "52"),
        ("", "52"),
    ],
)
def test_an_unknown_code_or_classification_is_refused(scheme: str, code: str) -> None:
    with pytest.raises(SectorError) as caught:
        sector(scheme, code)
    assert caught.value.code == "sector_unknown"


@pytest.mark.parametrize("code", ["52", "529", "5292"])
def test_a_primary_sector_is_a_division_or_finer(code: str) -> None:
    assert primary_sector("GBT4754-2017", code).code == code


@pytest.mark.parametrize(("scheme", "code"), [("GBT4754-2017", "F"), ("ISIC4", "47"), ("ISIC4", "4791")])
def test_a_section_or_an_international_code_is_no_primary_sector(scheme: str, code: str) -> None:
    with pytest.raises(SectorError) as caught:
        primary_sector(scheme, code)
    assert caught.value.code == "sector_level"


def test_an_unknown_primary_sector_is_unknown_before_anything_else() -> None:
    with pytest.raises(SectorError) as caught:
        primary_sector("ISIC4", "9999")
    assert caught.value.code == "sector_unknown"


@pytest.mark.parametrize(("code", "letter"), [("A", "A"), ("05", "A"), ("43", "C"), ("6513", "I"), ("970", "T")])
def test_the_section_of_any_code_is_a_letter(code: str, letter: str) -> None:
    assert section_of(code) == letter


def test_the_section_of_an_unknown_code_is_refused() -> None:
    with pytest.raises(SectorError):
        section_of("98")


def test_the_reference_data_is_read_once() -> None:
    assert sectors("ISIC4") is sectors("ISIC4")
