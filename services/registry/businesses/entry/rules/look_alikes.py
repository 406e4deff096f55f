"""Look-alikes: what a text looks like, so that two texts that cannot be told apart have one look.

It is the skeleton of UTS #39 §4, over characters that Unicode itself calls confusable (`confusables.txt`, as the
library confusable-homoglyphs carries it), after the radicals and strokes of Chinese characters have become the
characters that they look like. For these no library has the property Equivalent_Unified_Ideograph: `reference/` holds
it, one row a character, from EquivalentUnifiedIdeograph-15.0.0.txt of the Unicode Character Database (© 2022 Unicode,
Inc., under the Unicode License; packaged by Debian as unicode-data 15.0.0-1), ranges written out and nothing else
changed.
"""

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import regex
from confusable_homoglyphs.confusables import confusables_data

_UNSEEN: Final = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
_IDEOGRAPHS: Final = Path(__file__).parent / "reference" / "equivalent-unified-ideographs.csv"


def visible(text: str) -> str:
    """A text without the characters that nobody sees (Default_Ignorable_Code_Point)."""
    seen: str = _UNSEEN.sub("", text)
    return seen


def skeleton(text: str) -> str:
    """What a text looks like; it is for comparison, and never shown."""
    plain = unicodedata.normalize("NFKC", visible(text)).translate(IDEOGRAPHS)
    return unicodedata.normalize("NFC", _replaced(plain, PROTOTYPES))


def _replaced(text: str, prototypes: Mapping[int, str]) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).translate(prototypes))


def _ideographs() -> Iterator[tuple[int, str]]:
    with _IDEOGRAPHS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield int(row["character"], 16), chr(int(row["ideograph"], 16))


def _prototypes() -> dict[int, str]:
    """Character → what it is taken for, where that is written with letters, marks, digits and symbols too.

    The library links each character with its prototype in both directions. Whichever of two has the more links is the
    prototype: that of many. Between two that have only each other it is the longer one, then the one that is no
    compatibility form and no radical of the other.
    """
    links = {visible(text): {visible(each["c"]) for each in found} for text, found in confusables_data.items()}

    def rank(text: str) -> tuple[int, int, bool, list[int]]:
        is_plain = unicodedata.normalize("NFKC", text) == text.translate(IDEOGRAPHS) == text
        return len(links[text]), len(text), is_plain, [-ord(character) for character in text]

    found = {}
    for text, others in links.items():
        prototype = max({text} | others, key=rank)
        if len(text) == 1 and prototype != text and all(unicodedata.category(c)[0] in "LMNS" for c in prototype):
            found[ord(text)] = prototype
    plain = {character: unicodedata.normalize("NFKC", prototype) for character, prototype in found.items()}
    return {character: _replaced(prototype, found) for character, prototype in plain.items()}


IDEOGRAPHS: Final[Mapping[int, str]] = dict(_ideographs())
"""Equivalent_Unified_Ideograph: radical or stroke → Chinese character."""
PROTOTYPES: Final[Mapping[int, str]] = _prototypes()
