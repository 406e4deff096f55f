"""Look-alikes: Unicode's own data, whole and as stated, and what it merges of the characters in daily use."""

from collections import defaultdict

import pytest

from services.registry.businesses.entry.rules.look_alikes import IDEOGRAPHS, PROTOTYPES, skeleton, visible
from services.registry.businesses.entry.rules.name_rules import DIVISIONS, FORMS, PARTNERSHIP


def of_the_standard(codec: str, rows: range) -> list[str]:
    """The Chinese characters of a two-byte character set."""
    found = []
    for row in rows:
        for cell in range(0x40, 0x100):
            try:
                found.append(bytes([row, cell]).decode(codec))
            except UnicodeDecodeError:
                continue
    return [character for character in found if "\u4e00" <= character <= "\u9fff"]


SIMPLIFIED = of_the_standard("gb2312", range(0xB0, 0xF8))
TRADITIONAL = of_the_standard("big5", range(0xA4, 0xFA))


def merged(characters: list[str]) -> set[frozenset[str]]:
    """The characters that have one skeleton, together."""
    groups = defaultdict(set)
    for character in characters:
        groups[skeleton(character)].add(character)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def test_the_data_of_unicode_is_there_as_a_whole() -> None:
    assert len(IDEOGRAPHS) == 348  # the entries of EquivalentUnifiedIdeograph-15.0.0.txt, ranges written out
    assert len(PROTOTYPES) > 5_500
    assert {IDEOGRAPHS[ord(radical)] for radical in "⻓⼭㇠"} == {"长", "山", "乙"}
    assert {PROTOTYPES[ord(character)] for character in "0ОО"} == {"O"}


def test_of_the_characters_in_daily_use_unicode_merges_three_pairs() -> None:
    assert len(SIMPLIFIED) == 6763
    assert merged(SIMPLIFIED) == {frozenset("鹃鹂"), frozenset("口囗"), frozenset("土士")}


def test_no_traditional_character_is_merged_with_its_simplified_form() -> None:
    assert len(TRADITIONAL) > 13_000
    variants = ["朐胊", "朏胐", "朓脁", "朘脧", "墫壿", "朣膧"]
    assert merged(SIMPLIFIED + TRADITIONAL) - merged(SIMPLIFIED) == {frozenset(pair) for pair in variants}


def test_a_skeleton_has_itself_as_its_skeleton() -> None:
    looks = {skeleton(chr(character)) for character in (*PROTOTYPES, *IDEOGRAPHS)}
    assert {look for look in looks if skeleton(look) != look} == set()


@pytest.mark.parametrize("part", [*FORMS, *PARTNERSHIP, *DIVISIONS.split()])
def test_the_parts_that_a_name_is_compared_without_look_like_themselves(part: str) -> None:
    assert skeleton(part) == part


@pytest.mark.parametrize("unseen", ["\u180b", "\ufe0f", "\u200b", "\U000e0100", "\u034f"])
def test_what_nobody_sees_has_no_look(unseen: str) -> None:
    assert visible(f"示{unseen}例") == "示例" == skeleton(f"示{unseen}例")
