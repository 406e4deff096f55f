"""The glossary sends its reader to files that are there, and can be looked things up in."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \| `(?P<place>[^`|]+)` \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [row.groupdict() for row in ROW.finditer(TEXT)]
WORDS = [row["word"] for row in ROWS]


def test_every_row_is_a_word_its_meaning_and_a_place() -> None:
    below_the_head = [line for line in TEXT.splitlines() if line.startswith("|")][2:]
    assert len(below_the_head) == len(ROWS) > 40


def test_words_stand_once_and_in_the_order_of_the_alphabet() -> None:
    assert sorted(set(WORDS), key=str.casefold) == WORDS


def test_every_place_is_in_the_repository() -> None:
    assert [row["place"] for row in ROWS if not (ROOT / row["place"]).is_file()] == []


def test_every_meaning_names_the_term_of_the_field() -> None:
    assert [row["word"] for row in ROWS if not re.search(r"\*\w[^*]*\*", row["meaning"])] == []


def test_the_front_page_leads_to_it() -> None:
    assert "](docs/glossary.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
